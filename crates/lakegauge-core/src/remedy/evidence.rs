//! Why something is run: the published form of a remediation's payload.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::alarm::{Bounds, Severity, State};
use crate::dataset::Dataset;
use crate::lifecycle::PartitionState;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::verdict::{AlarmReport, PartitionReport};

/// The version of the form. It grows when a field changes its meaning, not when one is added.
pub const VERSION: u32 = 1;
/// Up to here (2⁵³) every whole number is a float of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What a function is called with, and what a DAG run has as its `conf`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// [`VERSION`].
    pub version: u32,
    /// The same for every call about one incident: who gets it twice has it already. See [`run_id`].
    pub id: String,
    /// Which dataset; a split has its values in brackets.
    pub dataset: String,
    /// Which partition.
    pub partition: Partition,
    /// Where the partition stands.
    pub partition_state: PartitionState,
    /// The metric whose alarm it is.
    pub metric: Metric,
    /// The alarm's state: always `ALARM`.
    pub state: State,
    /// How much it matters.
    pub severity: Severity,
    /// The value that was judged, in the metric's unit.
    pub observed: Option<f64>,
    /// What it was judged against.
    pub expected: Bounds,
    /// One sentence.
    pub reason: String,
    /// When it was judged.
    pub judged_at: Timestamp,
    /// By when the partition had to land.
    pub due_at: Option<Timestamp>,
    /// When it landed.
    pub landed_at: Option<Timestamp>,
    /// What was measured of the partition.
    pub metrics: BTreeMap<Metric, f64>,
    /// Who owns the dataset.
    pub owner: Option<String>,
    /// What people are to do.
    pub runbook: Option<String>,
    /// Where to look: the deployment's dashboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Evidence {
    /// As it is sent: bytes and counts without a decimal point, whatever type carries them.
    pub fn document(&self) -> Value {
        // There is nothing in it that JSON cannot hold.
        whole(serde_json::to_value(self).unwrap_or_default())
    }
}

/// With whole numbers as such.
fn whole(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < EXACT) {
            Some(n) => Value::from(n as i64),
            None => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(entries) => entries.into_iter().map(|(key, value)| (key, whole(value))).collect(),
        other => other,
    }
}

pub(super) fn of_alarm(
    dataset: &Dataset,
    report: &PartitionReport,
    alarm: &AlarmReport,
    at: Timestamp,
) -> Evidence {
    Evidence {
        version: VERSION,
        id: run_id(&dataset.name, report.partition, alarm.metric),
        dataset: dataset.name.clone(),
        partition: report.partition,
        partition_state: report.state,
        metric: alarm.metric,
        state: alarm.state,
        severity: alarm.severity,
        observed: alarm.observed,
        expected: alarm.expected,
        reason: alarm.reason.clone(),
        judged_at: at,
        due_at: report.due_at,
        landed_at: report.landed_at,
        metrics: report.metrics.clone(),
        owner: dataset.owner.clone(),
        runbook: dataset.runbook.clone(),
        link: None,
    }
}

/// The name of an incident: of its dataset, partition and metric, in the characters that Airflow takes for a run
/// (`core.allowed_run_id_pattern`). Different incidents have different names.
pub fn run_id(dataset: &str, partition: Partition, metric: Metric) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let plain: String = dataset.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    let name = match plain == dataset {
        true => plain,
        false => format!("{plain}~{:08x}", fingerprint(dataset) as u32),
    };
    format!("lakegauge__{name}__{partition}__{metric}")
}

/// FNV-1a, 64 bits.
fn fingerprint(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
