//! The output of one check.

use std::fmt;

use jiff::Timestamp;
use lakegauge_core::alarm::{Severity, State};
use lakegauge_core::verdict::{AlarmReport, DatasetReport, PartitionReport, Report, Status};

/// One alarm of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firing {
    /// The dataset.
    pub dataset: String,
    /// The name of the partition.
    pub partition: String,
    /// The name of the metric.
    pub metric: String,
    /// Whether it pages.
    pub critical: bool,
    /// Whether it continues an earlier alarm.
    pub continuing: bool,
    /// The reason.
    pub reason: String,
}

impl Firing {
    fn new(dataset: &str, partition: &PartitionReport, alarm: &AlarmReport) -> Firing {
        Firing {
            dataset: dataset.to_owned(),
            partition: partition.partition.to_string(),
            metric: alarm.metric.to_string(),
            critical: alarm.severity == Severity::Critical,
            continuing: alarm.continuing.is_some(),
            reason: alarm.reason.clone(),
        }
    }
}

impl fmt::Display for Firing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Firing { dataset, partition, metric, reason, .. } = self;
        write!(f, "{dataset} {partition} {metric}: {reason}")
    }
}

/// The output of one check of all datasets.
#[derive(Clone, Debug)]
pub struct Said {
    /// As `check --format json` prints it.
    pub report: Report,
}

impl Said {
    pub(crate) fn new(now: Timestamp, reports: Vec<DatasetReport>) -> Said {
        Said { report: Report::new(now, reports) }
    }

    /// The most severe status.
    pub fn status(&self) -> Status {
        self.report.status
    }

    /// Every alarm.
    pub fn firing(&self) -> Vec<Firing> {
        let of = |dataset: &DatasetReport, partition: &PartitionReport| -> Vec<Firing> {
            let alarms = partition.alarms.iter().filter(|alarm| alarm.state == State::Alarm);
            alarms.map(|alarm| Firing::new(&dataset.dataset, partition, alarm)).collect()
        };
        let datasets = self.report.datasets.iter();
        datasets.flat_map(|dataset| dataset.partitions.iter().flat_map(move |p| of(dataset, p))).collect()
    }

    /// Whether `metric` is in alarm on `partition` of any dataset.
    pub fn fires(&self, partition: &str, metric: &str) -> bool {
        self.firing().iter().any(|f| f.partition == partition && f.metric == metric)
    }

    /// Whether anything is in alarm on `partition` of any dataset.
    pub fn fires_on(&self, partition: &str) -> bool {
        self.firing().iter().any(|f| f.partition == partition)
    }

    /// The state of `partition` in the first dataset that reports it.
    pub fn state(&self, partition: &str) -> Option<&'static str> {
        let all = self.report.datasets.iter().flat_map(|dataset| &dataset.partitions);
        let mut named = all.filter(|p| p.partition.to_string() == partition);
        named.next().map(|p| p.state.name())
    }

    /// Everything besides the verdicts: notes and gaps.
    pub fn notes(&self) -> String {
        let datasets = self.report.datasets.iter();
        let notes =
            datasets.flat_map(|d| d.notes.iter().cloned().chain(d.gaps.iter().map(ToString::to_string)));
        notes.collect::<Vec<_>>().join("; ")
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.report.now, self.report.status)?;
        self.firing().iter().try_for_each(|firing| write!(f, "; {firing}"))
    }
}
