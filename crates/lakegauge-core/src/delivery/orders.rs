//! What a look owes to the outside.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::dataset::Dataset;
use crate::judge::Judgement;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::publish::{Datum, Naming, Shown, data, published};
use crate::remediation::{RemedyRun, remedy_runs};
use crate::standing::Standing;

/// Where verdicts go, besides to those who asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Destinations {
    /// Values go to CloudWatch, with these names.
    pub metrics: Option<Naming>,
    /// Remedies are run.
    pub remedies: bool,
}

impl Destinations {
    /// Nowhere.
    pub const NONE: &Destinations = &Destinations { metrics: None, remedies: false };

    /// Whether verdicts go anywhere.
    pub fn is_any(&self) -> bool {
        self.metrics.is_some() || self.remedies
    }
}

/// What a look owes.
#[derive(Clone, Debug, PartialEq)]
pub struct Orders {
    /// When the look began.
    pub at: Timestamp,
    /// One for each partition that it reports.
    pub verdicts: Vec<Verdict>,
    /// The values of the newest verdict are sent again: other alarms are shown than before.
    pub again: bool,
    /// Partitions that it does not report and that have landed.
    pub landed: BTreeSet<Partition>,
}

/// A verdict, and what it owes if it is new.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The partition.
    pub partition: Partition,
    /// [`PartitionReport::identity`](crate::verdict::PartitionReport::identity).
    pub identity: u64,
    /// The values for CloudWatch, if it gets any.
    pub data: Option<Vec<Datum>>,
    /// The runs of remedies.
    pub runs: Vec<RemedyRun>,
}

/// A look whose verdicts go somewhere.
#[derive(Clone, Copy, Debug)]
pub struct Ordering<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// What was judged.
    pub judgement: &'a Judgement,
    /// What was wrong before.
    pub before: &'a Standing,
    /// When the look before began.
    pub last_run: Option<Timestamp>,
    /// The metrics that are raised in other splits of the dataset.
    pub elsewhere: &'a BTreeSet<Metric>,
    /// When the look began.
    pub now: Timestamp,
}

/// What a look owes.
pub fn orders(look: Ordering<'_>, to: &Destinations) -> Orders {
    let Ordering { dataset, judgement, now, .. } = look;
    let metrics = to.metrics.as_ref().map(|naming| published(dataset, naming));
    let shown = Shown::of(look.before, &judgement.standing, look.last_run, look.elsewhere);
    let verdict = |report| {
        let runs = if to.remedies { remedy_runs(dataset, report, now) } else { Vec::new() };
        Verdict {
            partition: report.partition,
            identity: report.identity(),
            data: metrics.as_ref().map(|metrics| data(metrics, report, &shown, now)),
            runs,
        }
    };
    let reports = &judgement.report.partitions;
    let is_reported = |partition| reports.iter().any(|report| report.partition == partition);
    let landed = judgement.timeline.slots().filter(|(_, slot)| slot.record.landed_at.is_some());
    Orders {
        at: now,
        verdicts: reports.iter().map(verdict).collect(),
        again: metrics.is_some_and(|metrics| shown.changes(&metrics)),
        landed: landed
            .map(|(partition, _)| *partition)
            .filter(|partition| !is_reported(*partition))
            .collect(),
    }
}
