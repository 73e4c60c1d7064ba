//! What fired, and when it cleared.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lakegauge_core::alarm::{Bounds, Rule, Severity, State};
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::verdict::AlarmReport;
use serde::Serialize;

/// An alarm on one partition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Firing {
    /// On which partition.
    pub partition: Partition,
    /// When the alarm would have been reported.
    pub at: Timestamp,
    /// When it cleared: this partition, or a newer one, was healthy. `None`: it is still open.
    pub until: Option<Timestamp>,
    /// The value that was judged.
    pub observed: Option<f64>,
    /// The band it was judged against.
    pub expected: Bounds,
    /// The sentence that would have been reported.
    pub reason: String,
    /// Whether the other config fires on the same partition, on any metric; `None` if there is no other config.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shared: Option<bool>,
}

impl Firing {
    /// Seconds from the alarm to its end.
    pub fn seconds(&self) -> Option<f64> {
        Some(self.until?.duration_since(self.at).as_secs_f64())
    }
}

/// One judged value with its band, as they were at the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Which partition.
    pub partition: Partition,
    /// In the metric's unit.
    pub value: f64,
    /// The expected range.
    pub bounds: Bounds,
    /// Whether it was unusual but not worth a page.
    pub notice: bool,
}

/// The outcome of one alarm of one dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmRun {
    /// On which metric.
    pub metric: Metric,
    /// How much it matters.
    pub severity: Severity,
    /// What fired, oldest first.
    pub firings: Vec<Firing>,
    /// Every judged value of a volume metric, oldest first.
    pub judged: Vec<Judged>,
    /// The partitions that got a notice.
    pub notices: BTreeSet<Partition>,
}

/// Records what each alarm reports, from the start of the window.
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

    /// Records what all alarms report about a partition at `at`; `reports` are in the order of the rules.
    pub(super) fn note(&mut self, partition: Partition, at: Timestamp, reports: &[AlarmReport]) {
        if at < self.from || reports.is_empty() {
            return;
        }
        self.judged.insert(partition);
        for (run, report) in self.runs.iter_mut().zip(reports) {
            run.note(partition, at, report);
        }
    }

    /// The outcome of each alarm, and the partitions that were judged.
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
            // A healthy partition clears the alarms on itself and on older partitions.
            let over = self.firings.iter_mut().filter(open).filter(|firing| firing.partition <= partition);
            over.for_each(|firing| firing.until = Some(at));
            return;
        }
        // A person's later mark is not a new alarm.
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
        let Some(value) = report.observed.filter(|_| self.metric.is_of_content()) else { return };
        let judged = Judged { partition, value, bounds: report.expected, notice: report.notice };
        match self.judged.iter_mut().rev().find(|known| known.partition == partition) {
            Some(known) => *known = judged,
            None => self.judged.push(judged),
        }
    }
}
