//! Why a remedy runs: the published form of its payload.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::alarm::{Bounds, Severity, State};
use crate::dataset::Dataset;
use crate::fingerprint::fnv1a;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::state::PartitionState;
use crate::verdict::{AlarmReport, PartitionReport};

/// The version of the form. It increases when a field changes its meaning, not when one is added.
pub const VERSION: u32 = 1;
/// Up to this value (2⁵³) a float represents every whole number exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The event of a function, and the `conf` of a DAG run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// [`VERSION`].
    pub version: u32,
    /// The same for every call about one incident, so that a receiver recognises a duplicate. See [`run_id`].
    pub id: String,
    /// The dataset; a split has its values in brackets.
    pub dataset: String,
    /// The partition in alarm.
    pub partition: Partition,
    /// The partition's state in its life cycle.
    pub partition_state: PartitionState,
    /// The metric of the alarm.
    pub metric: Metric,
    /// The alarm's state: always `ALARM`.
    pub state: State,
    /// The severity from the config.
    pub severity: Severity,
    /// The value that was judged, in the metric's unit.
    pub observed: Option<f64>,
    /// The limits it was judged against.
    pub expected: Bounds,
    /// One sentence.
    pub reason: String,
    /// When it was judged.
    pub judged_at: Timestamp,
    /// The partition's deadline.
    pub due_at: Option<Timestamp>,
    /// When it landed.
    pub landed_at: Option<Timestamp>,
    /// What was measured of the partition.
    pub metrics: BTreeMap<Metric, f64>,
    /// The dataset's owner.
    pub owner: Option<String>,
    /// The runbook for people.
    pub runbook: Option<String>,
    /// A link for people: the deployment's dashboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Evidence {
    /// The JSON that is sent: whole bytes and counts without a decimal point.
    pub fn document(&self) -> Value {
        // Nothing in it is impossible in JSON.
        whole(serde_json::to_value(self).unwrap_or_default())
    }
}

/// Writes whole numbers without a decimal point.
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
        owner: dataset.about.owner.clone(),
        runbook: dataset.about.runbook.clone(),
        link: None,
    }
}

/// The name of an incident, built from its dataset, partition and metric with the characters that Airflow allows in a
/// run id (`core.allowed_run_id_pattern`). Different incidents have different names.
pub fn run_id(dataset: &str, partition: Partition, metric: Metric) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let plain: String = dataset.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    let name = match plain == dataset {
        true => plain,
        false => format!("{plain}~{:08x}", fnv1a(dataset.as_bytes()) as u32),
    };
    format!("lakegauge__{name}__{partition}__{metric}")
}
