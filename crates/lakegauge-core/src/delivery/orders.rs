//! What a look owes to the outside.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::dataset::Dataset;
use crate::datum::Datum;
use crate::judge::Judgement;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::remediation::{RemedyRun, remedy_runs};
use crate::standing::Standing;
use crate::verdict::PartitionReport;

/// Says which values of a look go to a sink. Pure.
pub trait Publisher: fmt::Debug + Send + Sync {
    /// The values of each reported partition, in the order of the reports.
    fn values(&self, look: &Ordering<'_>) -> Values;
}

/// The values of a look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// Those of each reported partition, in the order of the reports.
    pub of: Vec<Vec<Datum>>,
    /// Those of the newest partition are sent although its verdict is known: other alarms are shown than before.
    pub again: bool,
}

/// Where verdicts go, besides to those who asked.
#[derive(Clone, Debug, Default)]
pub struct Destinations {
    /// Values go to a sink.
    pub metrics: Option<Arc<dyn Publisher>>,
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
    /// The values for a sink, if there is one.
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
pub fn orders(look: &Ordering<'_>, to: &Destinations) -> Orders {
    let Ordering { dataset, judgement, now, .. } = *look;
    let values = to.metrics.as_ref().map(|publisher| publisher.values(look));
    let reports = &judgement.report.partitions;
    let verdict = |(n, report): (usize, &PartitionReport)| {
        let runs = if to.remedies { remedy_runs(dataset, report, now) } else { Vec::new() };
        let data = values.as_ref().map(|values| values.of.get(n).cloned().unwrap_or_default());
        Verdict { partition: report.partition, identity: report.identity(), data, runs }
    };
    let is_reported = |partition| reports.iter().any(|report| report.partition == partition);
    let landed = judgement.timeline.slots().filter(|(_, slot)| slot.record.landed_at.is_some());
    Orders {
        at: now,
        verdicts: reports.iter().enumerate().map(verdict).collect(),
        again: values.as_ref().is_some_and(|values| values.again),
        landed: landed
            .map(|(partition, _)| *partition)
            .filter(|partition| !is_reported(*partition))
            .collect(),
    }
}
