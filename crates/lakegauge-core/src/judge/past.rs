//! Every partition of a dataset, with what was expected of it: what can be read of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::owed::Owed;
use crate::baseline::{Band, Verdict};
use crate::dataset::Dataset;
use crate::lifecycle::{Completion, CompletionRule, LandingWindow, PartitionState};
use crate::mark::Mark;
use crate::measure::{Beside, Subject, value};
use crate::metric::Metric;
use crate::partition::{Cadence, Partition};
use crate::record::PartitionRecord;

/// One partition, with what was expected of it.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The record, with this look merged in.
    pub record: PartitionRecord,
    /// When it was expected.
    pub owed: Owed,
    /// How early it could be complete, learned from earlier landings.
    pub window: LandingWindow,
    /// What history expected of its learned metrics before it came.
    pub bands: BTreeMap<Metric, Band>,
    /// History's verdict on it; `None` until it has landed.
    pub verdict: Option<Verdict>,
    /// How it compares with earlier partitions.
    pub beside: Beside,
    /// Its values of the metrics that are mostly 0.
    pub(super) seldom: Seldom,
    /// It has lost what is usually lost after landing, and its size is judged as it landed.
    pub is_compacted: bool,
}

/// The partitions of a dataset in order of time.
#[derive(Clone, Debug)]
pub struct Timeline {
    pub(super) slots: BTreeMap<Partition, Slot>,
    pub(super) completion: Completion,
    pub(super) copied: BTreeSet<Partition>,
    /// The median landing time, relative to the end of the period.
    pub(super) usual: Option<SignedDuration>,
    /// Partitions that were expected by what was known then, but are not by what is known now.
    pub(super) unexpected: BTreeSet<Partition>,
    /// The period that has begun last, and its deadline.
    pub(super) next: (Partition, Owed),
    /// Whether any period of the next round has a deadline.
    pub(super) awaited: bool,
}

/// One partition's value of a metric, with its band.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The partition.
    pub partition: Partition,
    /// In the metric's unit; `None` if there is none.
    pub value: Option<f64>,
    /// The lowest expected value.
    pub low: Option<f64>,
    /// The highest expected value.
    pub high: Option<f64>,
    /// A person's verdict on it.
    pub mark: Option<Mark>,
}

/// A partition's values of the metrics that are mostly 0, kept for those after it.
#[derive(Clone, Debug, Default)]
pub(super) struct Seldom {
    pub(super) same: Option<Day>,
    pub(super) empty: Option<Day>,
}

/// One partition's value of a metric that is mostly 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day {
    pub(super) partition: Partition,
    pub(super) value: f64,
    /// It was above what was expected, and no person accepted it.
    pub(super) odd: bool,
}

/// With this many partitions with data, a marker should have been seen.
const FEW: usize = 3;
/// With this many hourly partitions, it is clear when they land.
const ENOUGH_HOURS: usize = 12;

impl Timeline {
    /// Every slot, oldest first.
    pub fn slots(&self) -> impl DoubleEndedIterator<Item = (&Partition, &Slot)> {
        self.slots.iter()
    }

    /// The slot of one partition.
    pub fn get(&self, partition: Partition) -> Option<&Slot> {
        self.slots.get(&partition)
    }

    /// The partitions at which a changed level of `metric` was accepted as the new one.
    pub fn settled(&self, metric: Metric) -> impl Iterator<Item = Partition> {
        let settles = move |slot: &Slot| slot.verdict.as_ref()?.on(metric).map(|verdict| verdict.settled);
        self.slots.iter().filter(move |(_, slot)| settles(slot) == Some(true)).map(|(p, _)| *p)
    }

    /// Whether a person accepted a partition after `partition`, and the alarm on `metric` that began at `begun` had
    /// lasted until then.
    pub(super) fn is_accepted_since(&self, metric: Metric, begun: Partition, partition: Partition) -> bool {
        let after =
            self.slots.range(partition.next()..).map(|(_, slot)| slot).filter(|slot| slot.is_judged());
        let lasts = |slot: &&Slot| {
            let verdict = slot.verdict.as_ref().and_then(|verdict| verdict.on(metric));
            verdict.is_some_and(|verdict| verdict.continuing == Some(begun))
        };
        after.into_iter().find(|slot| !lasts(slot)).is_some_and(|slot| slot.record.is_accepted())
    }

    /// The first partition that ever came.
    pub(super) fn first_that_came(&self) -> Option<Partition> {
        self.slots
            .values()
            .map(|slot| &slot.record)
            .find(|record| record.came())
            .map(|record| record.partition)
    }

    /// True when nothing was ever seen of any partition.
    pub fn nothing_ever_came(&self) -> bool {
        self.first_that_came().is_none()
    }

    /// The marker that is awaited but that no partition ever had, and how many of them have data.
    pub fn marker_never_came(&self) -> Option<(&str, usize)> {
        let CompletionRule::Marker { name, .. } = &self.completion.rule else { return None };
        let looks = || self.begun().filter_map(|(_, slot)| slot.record.look.as_ref());
        let filled = looks().filter(|look| look.objects > 0).count();
        (filled >= FEW && looks().all(|look| look.marker.is_none())).then_some((name.as_str(), filled))
    }

    /// How completeness is decided here.
    pub fn completion(&self) -> &Completion {
        &self.completion
    }

    /// How long before its period an hourly partition usually lands: its zone is not that of its name.
    pub fn ahead_of_its_hour(&self) -> Option<SignedDuration> {
        let hour = SignedDuration::from_secs(Cadence::Hourly.nominal_seconds());
        let hourly = self.next.0.cadence() == Cadence::Hourly && self.slots.len() >= ENOUGH_HOURS;
        self.usual.filter(|usual| hourly && *usual < -hour).map(|usual| -(usual + hour))
    }

    /// The partitions whose landing time is that of a copy.
    pub fn copied(&self) -> &BTreeSet<Partition> {
        &self.copied
    }

    /// Whether nothing came for a partition that was expected, is still considered expected, and was not accepted by
    /// a person.
    pub fn is_hole(&self, partition: Partition) -> bool {
        let missing = self
            .get(partition)
            .is_some_and(|slot| slot.record.state == PartitionState::Missing && !slot.record.is_accepted());
        missing && !self.unexpected.contains(&partition)
    }

    /// The period that has begun last, and its deadline.
    pub fn next(&self) -> (Partition, &Owed) {
        (self.next.0, &self.next.1)
    }

    /// Whether anything is expected by a deadline within the next round of periods.
    pub fn is_awaited(&self) -> bool {
        self.awaited
    }

    /// The newest earlier record with any data.
    pub fn before(&self, partition: Partition) -> Option<&PartitionRecord> {
        self.slots.range(..partition).rev().map(|(_, s)| &s.record).find(|r| r.look.is_some())
    }

    /// The partitions that can be judged, newest first: landed, or overdue.
    pub fn judged(&self) -> impl Iterator<Item = Partition> {
        self.begun().rev().filter(|(_, slot)| slot.is_judged()).map(|(p, _)| *p)
    }

    /// The slots whose period has begun, oldest first: data of the future (a forecast, a stray year 9999) says
    /// nothing about today.
    pub fn begun(&self) -> impl DoubleEndedIterator<Item = (&Partition, &Slot)> {
        self.slots.range(..=self.next.0)
    }

    /// A metric's past with its band, oldest first. A partition that is neither overdue nor present is left out.
    pub fn points(&self, dataset: &Dataset, metric: Metric) -> impl DoubleEndedIterator<Item = Point> {
        // Partitions that may still come are left out: a gap in a plot would look like a loss.
        let of_interest = |(_, slot): &(&Partition, &Slot)| {
            let overdue = slot.owed.at.is_some() && slot.record.state != PartitionState::Expected;
            overdue || slot.record.look.is_some()
        };
        self.slots.iter().filter(of_interest).map(move |(partition, slot)| {
            let previous = self.before(*partition);
            let band = slot.bands.get(&metric);
            Point {
                partition: *partition,
                value: slot.as_judged(metric, slot.subject(previous, &dataset.zone)),
                low: band.and_then(|b| b.low),
                high: band.and_then(|b| b.high),
                mark: slot.record.mark.clone(),
            }
        })
    }

    /// The slots up to and including `partition`, newest first.
    pub fn until(&self, partition: Partition) -> impl Iterator<Item = &Slot> {
        self.slots.range(..=partition).rev().map(|(_, slot)| slot)
    }

    /// Of those, `partition` itself and every one that was expected or that came.
    pub fn expected_until(&self, partition: Partition) -> impl Iterator<Item = &Slot> {
        self.until(partition).filter(move |slot| {
            let asked = slot.record.partition == partition;
            asked || slot.owed.at.is_some() || slot.record.look.is_some()
        })
    }

    /// Whether `partition` is in alarm at `now`, for the next look.
    pub(super) fn remember_alarm(&mut self, partition: Partition, alarmed: bool, now: Timestamp) {
        if let Some(slot) = self.slots.get_mut(&partition) {
            slot.record.alarmed_since = slot.record.alarmed_since.or(Some(now)).filter(|_| alarmed);
        }
    }

    /// Why history has no band for a metric of this partition, to follow "nothing to compare with:".
    pub(super) fn why_no_band(&self, slot: &Slot, metric: Metric) -> String {
        let landed = self.until(slot.record.partition).skip(1).filter(|s| s.verdict.is_some()).count();
        match metric.is_learned() {
            true => format!("{landed} earlier partitions are too few to learn a band from"),
            false => format!("{metric} has no learned band"),
        }
    }
}

impl Slot {
    /// The input of its measures.
    pub(super) fn subject<'a>(
        &'a self,
        previous: Option<&'a PartitionRecord>,
        zone: &'a TimeZone,
    ) -> Subject<'a> {
        Subject { record: &self.record, previous, zone, beside: Some(&self.beside) }
    }

    /// Whether it can be judged: it has landed, or it was expected and its deadline has passed.
    pub fn is_judged(&self) -> bool {
        match self.record.state {
            PartitionState::Landed | PartitionState::Deleted => true,
            PartitionState::Late | PartitionState::Missing => self.owed.at.is_some(),
            PartitionState::Expected | PartitionState::Arriving => false,
        }
    }

    /// The value by which history judges it: the content of a compacted partition as it landed.
    pub(super) fn as_judged(&self, metric: Metric, subject: Subject<'_>) -> Option<f64> {
        let as_it_landed = self.is_compacted && metric.is_of_content();
        match as_landed(&self.record, true).filter(|_| as_it_landed) {
            Some(landed) => value(metric, &Subject { record: &landed, ..subject }),
            None => value(metric, &subject),
        }
    }

    /// Whether its objects are no longer those that landed.
    pub fn is_rewritten(&self) -> bool {
        match (&self.record.landed, &self.record.look) {
            (Some(landed), Some(look)) => landed.content != look.content,
            _ => false,
        }
    }
}

/// A partition as it is learned from, if it has landed: one that was deleted or compacted, as it was.
pub(super) fn as_landed(record: &PartitionRecord, is_compacted: bool) -> Option<Cow<'_, PartitionRecord>> {
    match record.state {
        PartitionState::Landed if !is_compacted => record.look.as_ref().map(|_| Cow::Borrowed(record)),
        PartitionState::Landed | PartitionState::Deleted => {
            record.landed.as_ref()?;
            Some(Cow::Owned(PartitionRecord { look: record.landed.clone(), ..record.clone() }))
        }
        _ => None,
    }
}
