//! What fired, and when it was over.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use crate::alarm::{Bounds, Rule, Severity, State};
use crate::metric::Metric;
use crate::partition::Partition;
use crate::verdict::AlarmReport;

/// An alarm on one partition, from when it went into alarm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Firing {
    /// On which partition.
    pub partition: Partition,
    /// When it would have been said.
    pub at: Timestamp,
    /// When it was over: the partition was as it should be, or a newer one was. `None`: it was not.
    pub until: Option<Timestamp>,
    /// The value that was judged.
    pub observed: Option<f64>,
    /// The band it was judged against.
    pub expected: Bounds,
    /// The sentence that would have been said.
    pub reason: String,
    /// Whether the other config fires on the same partition, whatever its metric; `None` where there is no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<bool>,
}

impl Firing {
    /// Seconds from the alarm to its end.
    pub fn seconds(&self) -> Option<f64> {
        Some(self.until?.duration_since(self.at).as_secs_f64())
    }
}

/// One judged value beside its band, as they were then.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Which partition.
    pub partition: Partition,
    /// In the metric's unit.
    pub value: f64,
    /// Where it should have lain.
    pub bounds: Bounds,
    /// Whether it was unusual, and not worth waking anybody.
    pub notice: bool,
}

/// What became of one alarm of one dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmRun {
    /// On which metric.
    pub metric: Metric,
    /// How much it matters.
    pub severity: Severity,
    /// What fired, oldest first.
    pub firings: Vec<Firing>,
    /// Every value of a volume that was judged, oldest first.
    pub judged: Vec<Judged>,
    /// The partitions that got a notice.
    pub notices: BTreeSet<Partition>,
}

/// Keeps what each alarm says, from the window's start on.
#[derive(Debug)]
pub(super) struct Ledger {
    from: Timestamp,
    runs: Vec<AlarmRun>,
    judged: BTreeSet<Partition>,
}

impl Ledger {
    pub(super) fn new(rules: &[Rule], from: Timestamp) -> Ledger {
        let run = |rule: &Rule| AlarmRun {
            metric: rule.metric,
            severity: rule.severity,
            firings: Vec::new(),
            judged: Vec::new(),
            notices: BTreeSet::new(),
        };
        Ledger { from, runs: rules.iter().map(run).collect(), judged: BTreeSet::new() }
    }

    /// Takes down what all alarms said of a partition at `at`; `reports` are in the order of the rules.
    pub(super) fn note(&mut self, partition: Partition, at: Timestamp, reports: &[AlarmReport]) {
        if at < self.from || reports.is_empty() {
            return;
        }
        self.judged.insert(partition);
        for (run, report) in self.runs.iter_mut().zip(reports) {
            run.note(partition, at, report);
        }
    }

    /// What each alarm came to, and the partitions that were judged.
    pub(super) fn close(mut self) -> (Vec<AlarmRun>, BTreeSet<Partition>) {
        for run in &mut self.runs {
            run.judged.sort_by_key(|judged| judged.partition);
        }
        (self.runs, self.judged)
    }
}

impl AlarmRun {
    fn note(&mut self, partition: Partition, at: Timestamp, report: &AlarmReport) {
        self.point(partition, report);
        if report.notice {
            self.notices.insert(partition);
        }
        let open = |firing: &&mut Firing| firing.until.is_none();
        if report.state != State::Alarm {
            // What is healthy here ends what went wrong before it.
            let over = self.firings.iter_mut().filter(open).filter(|firing| firing.partition <= partition);
            over.for_each(|firing| firing.until = Some(at));
            return;
        }
        // What a person says of it later is no news.
        if self.firings.iter().any(|firing| firing.partition == partition) {
            return;
        }
        self.firings.push(Firing {
            partition,
            at,
            until: None,
            observed: report.observed,
            expected: report.expected,
            reason: report.reason.clone(),
            shared: None,
        });
    }

    fn point(&mut self, partition: Partition, report: &AlarmReport) {
        let Some(value) = report.observed.filter(|_| self.metric.is_volume()) else { return };
        let judged = Judged { partition, value, bounds: report.expected, notice: report.notice };
        match self.judged.iter_mut().rev().find(|known| known.partition == partition) {
            Some(known) => *known = judged,
            None => self.judged.push(judged),
        }
    }
}
