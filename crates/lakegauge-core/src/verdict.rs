//! The report of a run: the published form of `check --format json`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::alarm::{Bounds, Severity, State};
use crate::fingerprint::fnv1a;
use crate::mark::Mark;
use crate::metric::Metric;
use crate::observation::Gap;
use crate::partition::Partition;
use crate::state::PartitionState;

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

/// The kind of trouble that the datasets share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommonCauseKind {
    /// Late or missing.
    NotThere,
    /// Less landed than allowed.
    Smaller,
    /// More landed than allowed.
    Larger,
    /// Rewritten, shrunk or deleted after landing.
    Changed,
    /// The same as an earlier partition.
    Copied,
}

/// Alarms of one kind on many datasets for the same day: most likely one cause, such as an upstream outage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommonCause {
    /// What is wrong with all of them.
    pub kind: CommonCauseKind,
    /// The local day on which the partitions' periods ended.
    pub day: Date,
    /// The datasets, in the order of the config.
    pub datasets: Vec<Affected>,
    /// How many datasets were judged for that day.
    pub judged: usize,
    /// One sentence, without a full stop.
    pub reason: String,
}

/// One dataset of a common cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// The name from the config.
    pub dataset: String,
    /// The partition that is in alarm.
    pub partition: Partition,
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
    /// What the config says of it for people.
    #[serde(flatten)]
    pub about: About,
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

    /// What makes it another verdict: its state, its values and its alarms (and whether they are raised), without the
    /// values that change with time alone. Made of published names and of the bits of the values, so that no other version changes it by accident.
    pub fn identity(&self) -> u64 {
        let mut bytes = self.state.name().as_bytes().to_vec();
        let mut value = |metric: Metric, kind: &str, value: Option<f64>| {
            bytes.push(b'\n');
            bytes.extend(metric.name().bytes().chain([b' ']).chain(kind.bytes()).chain([b' ']));
            bytes.extend(value.filter(|_| !metric.ages()).map(f64::to_le_bytes).into_iter().flatten());
        };
        for (metric, of) in self.metrics.iter().filter(|(metric, _)| !metric.ages()) {
            value(*metric, "", Some(*of));
        }
        for alarm in &self.alarms {
            let kind = if alarm.is_doubtful() { "doubtful" } else { alarm.state.name() };
            value(alarm.metric, kind, alarm.observed);
        }
        fnv1a(&bytes)
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

impl AlarmReport {
    /// Whether the alarm is raised: the look saw its partition, and it stands.
    pub fn is_raised(&self) -> bool {
        self.state == State::Alarm && self.since.is_some()
    }

    /// Whether it is in `ALARM` without being raised: its partition could not be seen, and it may be wrong. Nothing
    /// follows from it.
    pub fn is_doubtful(&self) -> bool {
        self.state == State::Alarm && self.since.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another value here sends every verdict of a running deployment once more.
    #[test]
    fn a_verdict_is_its_state_its_values_and_its_alarms() {
        let alarm = AlarmReport {
            metric: Metric::TotalFileSize,
            state: State::Ok,
            severity: Severity::Critical,
            observed: Some(12.5),
            expected: Bounds { low: None, high: None },
            reason: "as usual".to_owned(),
            notice: false,
            continuing: None,
            since: None,
        };
        let report = PartitionReport {
            partition: Partition::parse("2026-11-21").unwrap(),
            state: PartitionState::Landed,
            landed_at: None,
            due_at: None,
            metrics: [(Metric::TotalFileSize, 12.5), (Metric::Freshness, 60.0)].into(),
            mark: None,
            alarms: vec![alarm],
        };
        assert_eq!(report.identity(), 4_291_942_846_644_971_859);
        let differs = |change: &dyn Fn(&mut PartitionReport)| {
            let mut other = report.clone();
            change(&mut other);
            other.identity() != report.identity()
        };
        assert!(differs(&|r| r.state = PartitionState::Late));
        assert!(differs(&|r| r.alarms[0].state = State::Alarm));
        assert!(differs(&|r| r.alarms[0].observed = None));
        assert!(differs(&|r| r.metrics.extend([(Metric::TotalFileSize, 12.6)])));
        assert!(differs(&|r| r.metrics.extend([(Metric::ObjectCount, 1.0)])));
        // Time passes, and words change.
        assert!(!differs(&|r| r.metrics.extend([(Metric::Freshness, 61.0)])));
        assert!(!differs(&|r| r.alarms[0].reason.clear()));
    }
}
