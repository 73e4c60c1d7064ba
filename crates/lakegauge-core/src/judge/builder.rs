//! Builds a timeline, partition by partition: the one way in which a check, and a replay of the past, come to one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::owed::{Owed, owed, rest};
use super::past::{Seldom, Slot, Timeline, as_landed};
use super::{alarms, beside, loss};
use crate::baseline::{Band, Fact, Series};
use crate::dataset::Dataset;
use crate::lifecycle::{Completion, LandingWindow, PartitionState, Seen, advance};
use crate::measure::{Beside, Subject, value};
use crate::metric::{Learned, Metric};
use crate::partition::Partition;
use crate::record::PartitionRecord;

/// A timeline that is being built.
#[derive(Clone, Debug)]
pub struct Builder {
    timeline: Timeline,
}

impl Builder {
    /// A timeline without partitions.
    pub fn begin(
        completion: Completion,
        copied: BTreeSet<Partition>,
        usual: Option<SignedDuration>,
        first: Partition,
    ) -> Builder {
        let (slots, unexpected) = (BTreeMap::new(), BTreeSet::new());
        let next = (first, Owed::unknown());
        Builder { timeline: Timeline { slots, completion, copied, usual, unexpected, next, awaited: true } }
    }

    /// Places a partition: advances its record by what was `seen`, gets the expectations from `series`, which has
    /// learned from all earlier partitions, judges it, and learns from it.
    pub fn place(
        &mut self,
        dataset: &Dataset,
        series: &mut Series,
        before: PartitionRecord,
        seen: Option<Seen<'_>>,
        now: Timestamp,
    ) {
        let partition = before.partition;
        let (owed, window) =
            (owed(dataset, series, partition), series.window(partition, self.timeline.usual));
        let mut record = match seen {
            Some(seen) => advance(&before, seen, &self.timeline.completion, &window, owed.at, now),
            None => before,
        };
        record.arrival_known = !self.timeline.copied.contains(&partition);
        if matches!(seen, Some(Seen::Something(_))) {
            // Before it is learned from, and compared with the good ones before it.
            record.bad = alarms::limits_broken(dataset, &self.timeline, &record);
        }
        rest(series, dataset, &record, now);
        let is_compacted = loss::is_usual(&self.timeline, &record);
        let mut slot = learn(series, record, owed, window, is_compacted);
        beside::compare(dataset, &self.timeline, &mut slot);
        self.timeline.slots.insert(partition, slot);
    }

    /// There is data, but it is not known how much.
    pub fn forget_look(&mut self, partition: Partition) {
        if let Some(slot) = self.timeline.slots.get_mut(&partition) {
            slot.record.look = None;
            slot.seldom = Seldom::default();
        }
    }

    /// Sets which partitions are now known to have been written together.
    pub fn learn_of_copies(&mut self, copied: BTreeSet<Partition>) {
        self.timeline.copied = copied;
    }

    /// The period of `partition` has begun.
    pub fn turn_to(&mut self, partition: Partition) {
        self.timeline.next.0 = partition;
    }

    /// The timeline so far.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The timeline.
    pub fn finish(self) -> Timeline {
        self.timeline
    }
}

/// How many hours' worth of data a repeated hour contains: two, unless its writer wrote only one of them.
fn repeated_hours(series: &Series, partition: Partition, bytes: f64) -> f64 {
    let hours = partition.hours_in(series.zone());
    let inside =
        |band: Band| band.low.is_none_or(|low| bytes >= low) && band.high.is_none_or(|high| bytes <= high);
    let usual = hours > 1.0 && series.expect(partition, Metric::TotalFileSize).is_some_and(inside);
    if usual { 1.0 } else { hours }
}

/// The metrics that the baseline learns.
fn forecast() -> impl Iterator<Item = Metric> {
    Metric::ALL.iter().copied().filter(|metric| metric.row().learned == Learned::Forecast)
}

/// Adds a partition to what was learned, after it was compared with that.
pub(super) fn learn(
    series: &mut Series,
    record: PartitionRecord,
    owed: Owed,
    window: LandingWindow,
    is_compacted: bool,
) -> Slot {
    let partition = record.partition;
    if let Some(landed) = as_landed(&record, is_compacted) {
        let subject = Subject { record: &landed, previous: None, zone: series.zone(), beside: None };
        let mut metrics: BTreeMap<Metric, f64> =
            forecast().filter_map(|metric| Some((metric, value(metric, &subject)?))).collect();
        let size = metrics.get(&Metric::TotalFileSize);
        let hours = size.map_or(1.0, |bytes| repeated_hours(series, partition, *bytes));
        metrics.values_mut().for_each(|value| *value /= hours);
        let (mut verdict, mut bands) = series.compare(&Fact {
            partition,
            landed_at: record.landed_at.filter(|_| record.arrival_known && !record.is_rejected()),
            metrics,
            lesson: record.lesson(),
        });
        if hours > 1.0 {
            verdict.observed *= hours;
            if let Some(said) = &mut verdict.said {
                said.hours = hours;
            }
            bands.values_mut().chain(&mut verdict.expected).for_each(|band| band.stretch(hours));
        }
        let verdict = Some(verdict);
        return Slot {
            record,
            owed,
            window,
            bands,
            verdict,
            beside: Beside::default(),
            seldom: Seldom::default(),
            is_compacted,
        };
    }
    let bands = forecast().filter_map(|metric| Some((metric, series.expect(partition, metric)?))).collect();
    if let PartitionState::Missing | PartitionState::Late = record.state {
        series.absent(partition);
    }
    Slot {
        record,
        owed,
        window,
        bands,
        verdict: None,
        beside: Beside::default(),
        seldom: Seldom::default(),
        is_compacted,
    }
}
