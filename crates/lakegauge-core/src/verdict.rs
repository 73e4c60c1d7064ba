//! What is said about a lake: the published form of `check --format json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::alarm::{Bounds, Severity, State};
use crate::incident::{Incident, incidents};
use crate::lifecycle::PartitionState;
use crate::mark::Mark;
use crate::metric::Metric;
use crate::observation::Gap;
use crate::partition::Partition;

/// The version of the JSON form. It grows when a field changes its meaning, not when one is added.
pub const VERSION: u32 = 1;

/// How a dataset, or all of them, stand. The order is that of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Judged and healthy.
    Ok,
    /// Could not be seen well enough to judge, and no alarm besides.
    Unknown,
    /// At least one alarm.
    Alarm,
}

/// All that one run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// The instant for which everything was judged.
    pub now: Timestamp,
    /// The gravest of the datasets' statuses.
    pub status: Status,
    /// Alarms of one kind on many datasets of one day.
    #[serde(default)]
    pub incidents: Vec<Incident>,
    /// In the order of the config.
    pub datasets: Vec<DatasetReport>,
}

impl Report {
    /// A report over the datasets' reports.
    pub fn new(now: Timestamp, datasets: Vec<DatasetReport>) -> Report {
        let status = datasets.iter().map(|d| d.status).max().unwrap_or(Status::Ok);
        Report { version: VERSION, now, status, incidents: incidents(&datasets), datasets }
    }
}

/// What was found about one dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetReport {
    /// As the config names it.
    pub dataset: String,
    /// Its status.
    pub status: Status,
    /// The judged partitions, newest first.
    pub partitions: Vec<PartitionReport>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// Seconds from the end of the newest landed partition's period to now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freshness: Option<f64>,
    /// List requests that were sent for it.
    pub list_requests: u64,
    /// Things worth knowing that are no alarm.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Who owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
}

/// What was found about one partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionReport {
    /// Which.
    pub partition: Partition,
    /// Where it stands.
    pub state: PartitionState,
    /// When it landed.
    pub landed_at: Option<Timestamp>,
    /// By when it had to.
    pub due_at: Option<Timestamp>,
    /// Its samples.
    pub metrics: BTreeMap<Metric, f64>,
    /// What a person said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// One for each rule, in the config's order.
    pub alarms: Vec<AlarmReport>,
}

impl PartitionReport {
    /// Whether any of its alarms is in `ALARM`.
    pub fn is_in_alarm(&self) -> bool {
        self.alarms.iter().any(|alarm| alarm.state == State::Alarm)
    }
}

/// What one alarm says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlarmReport {
    /// On which metric.
    pub metric: Metric,
    /// Its state.
    pub state: State,
    /// How grave it is when it is in alarm.
    pub severity: Severity,
    /// The value that was judged.
    pub observed: Option<f64>,
    /// The band it was judged against.
    pub expected: Bounds,
    /// One sentence.
    pub reason: String,
    /// True for something unusual that is not worth waking anybody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub notice: bool,
    /// The partition that raised the alarm, where an earlier one did: what is wrong has not changed since, so that it is
    /// no new page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuing: Option<Partition>,
}
