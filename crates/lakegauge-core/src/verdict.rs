//! The report of a run: the published form of `check --format json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::alarm::{Bounds, Severity, State};
use crate::common_cause::{CommonCause, common_causes};
use crate::lifecycle::PartitionState;
use crate::mark::Mark;
use crate::metric::Metric;
use crate::observation::Gap;
use crate::partition::Partition;

/// The version of the JSON form. It increases when a field changes its meaning, not when one is added.
pub const VERSION: u32 = 1;

/// The status of a dataset, or of all of them, in order of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Judged and healthy.
    Ok,
    /// Could not be seen well enough to judge, and no alarm.
    Unknown,
    /// At least one alarm.
    Alarm,
}

/// Everything that one run found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// The time for which everything was judged.
    pub now: Timestamp,
    /// The most severe of the datasets' statuses.
    pub status: Status,
    /// Alarms of one kind on many datasets for the same day.
    #[serde(default)]
    pub common_causes: Vec<CommonCause>,
    /// In the order of the config.
    pub datasets: Vec<DatasetReport>,
}

impl Report {
    /// Combines the datasets' reports.
    pub fn new(now: Timestamp, datasets: Vec<DatasetReport>) -> Report {
        let status = datasets.iter().map(|d| d.status).max().unwrap_or(Status::Ok);
        Report { version: VERSION, now, status, common_causes: common_causes(&datasets), datasets }
    }
}

/// The report of one dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetReport {
    /// The name from the config.
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
    /// Remarks that are not alarms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The owner from the config.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The runbook from the config.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
}

/// The report of one partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionReport {
    /// The judged partition.
    pub partition: Partition,
    /// Its state in the life cycle.
    pub state: PartitionState,
    /// When it landed; `None` until then.
    pub landed_at: Option<Timestamp>,
    /// Its deadline; `None` where there is none.
    pub due_at: Option<Timestamp>,
    /// Its values.
    pub metrics: BTreeMap<Metric, f64>,
    /// A person's verdict on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// One per rule, in the order of the config.
    pub alarms: Vec<AlarmReport>,
}

impl PartitionReport {
    /// Whether any of its alarms is in `ALARM`.
    pub fn is_in_alarm(&self) -> bool {
        self.alarms.iter().any(|alarm| alarm.state == State::Alarm)
    }
}

/// The state of one alarm, with the evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlarmReport {
    /// The metric that the rule is about.
    pub metric: Metric,
    /// Its state.
    pub state: State,
    /// How severe it is when it is in alarm.
    pub severity: Severity,
    /// The value that was judged.
    pub observed: Option<f64>,
    /// The band it was judged against.
    pub expected: Bounds,
    /// One sentence.
    pub reason: String,
    /// True if the value is unusual but not worth a page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub notice: bool,
    /// The partition that raised the alarm, if it was an earlier one: the problem is the same, so this is not a new
    /// page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuing: Option<Partition>,
    /// The look that found this alarm, as long as no look in between found it cleared. `None` if it is not in alarm, or
    /// has not been recorded because the partition was requested by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
}
