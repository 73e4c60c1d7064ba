//! Every partition of a dataset, with what was expected of it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::beside::Seldom;
use super::owed::{Owed, owed, rest};
use super::{alarms, beside, loss};
use crate::baseline::{Band, Fact, Series, Verdict};
use crate::batch::copied;
use crate::dataset::Dataset;
use crate::lifecycle::{
    Completion, CompletionRule, LandingWindow, PartitionState, Seen, advance, completion,
};
use crate::mark::Mark;
use crate::measure::{Beside, Subject, value};
use crate::metric::{Learned, Metric};
use crate::observation::Observation;
use crate::partition::{Cadence, Partition};
use crate::record::{PartitionRecord, Records, newest_came};
use crate::scope;

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
    slots: BTreeMap<Partition, Slot>,
    completion: Completion,
    copied: BTreeSet<Partition>,
    /// The median landing time, relative to the end of the period.
    usual: Option<SignedDuration>,
    /// Partitions that were expected by what was known then, but are not by what is known now.
    unexpected: BTreeSet<Partition>,
    /// The period that has begun last, and its deadline.
    next: (Partition, Owed),
    /// Whether any period of the next round has a deadline.
    awaited: bool,
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

/// With this many partitions with data, a marker should have been seen.
const FEW: usize = 3;
/// With this many hourly partitions, it is clear when they land.
const ENOUGH_HOURS: usize = 12;

impl Timeline {
    /// Merges `observation` into `records` and replays history over the result.
    pub fn new(dataset: &Dataset, records: &Records, observation: &Observation, now: Timestamp) -> Timeline {
        let completion = settle(dataset, records, observation, now);
        let landings = landings(records, observation, &completion);
        let usual = usual_delay(&landings, dataset);
        let copied = copied(landings);
        let current = scope::current(dataset, now);
        let begun = Timeline::begin(completion, copied, usual, current);
        let partitions = every_partition(records, observation);
        let absent: BTreeSet<Partition> = observation.absent.iter().copied().collect();
        let run = |from: Option<Partition>, until: Option<Partition>| {
            let mut timeline = begun.clone();
            let mut series = Series::new(dataset.layout.cadence(), dataset.zone.clone());
            let of_interest = |p: &&Partition| Some(**p) >= from && until.is_none_or(|until| **p < until);
            for partition in partitions.iter().filter(of_interest) {
                let known = records.get(partition).cloned();
                let before = known.unwrap_or_else(|| PartitionRecord::new(*partition, now));
                let seen = match observation.partitions.get(partition) {
                    Some(look) => Some(Seen::Something(look)),
                    None => absent.contains(partition).then_some(Seen::Nothing),
                };
                timeline.place(dataset, &mut series, before, seen, now);
            }
            (timeline, series)
        };
        let seen = observation.partitions.range(..=current).next_back().map(|(partition, _)| *partition);
        let newest = newest_came(records, current).max(seen);
        let (mut timeline, series) = run(newest.and_then(scope::first_learned), None);
        // The hours of last week keep the past that they were judged by last week.
        if let Some(week) = newest.and_then(scope::week_of) {
            timeline.slots.extend(run(scope::first_learned(week.previous()), Some(week)).0.slots);
        }
        timeline.next = (current, owed(dataset, &series, current));
        timeline.awaited =
            (0..=series.round()).any(|n| owed(dataset, &series, current.offset(n)).at.is_some());
        // A feed that skips Sundays was considered late on its first few; now more is known.
        let never_came = |slot: &Slot| slot.record.landed_at.is_none() && slot.owed.at.is_some();
        timeline.unexpected = timeline
            .slots
            .iter()
            .filter(|(_, slot)| never_came(slot))
            .map(|(partition, _)| *partition)
            .filter(|partition| *partition < current && owed(dataset, &series, *partition).at.is_none())
            .collect();
        timeline
    }

    /// What had been learned before `partition` came, to explain its expectations: repeats the replay.
    pub fn learned_before(&self, dataset: &Dataset, partition: Partition, now: Timestamp) -> Series {
        let mut series = Series::new(dataset.layout.cadence(), dataset.zone.clone());
        let first = scope::first_learned(partition);
        for (_, slot) in self.slots.range(..partition).filter(|(p, _)| Some(**p) >= first) {
            rest(&mut series, dataset, &slot.record, now);
            learn(&mut series, slot.record.clone(), slot.owed.clone(), slot.window, slot.is_compacted);
        }
        series
    }

    /// An empty timeline: a replay [places](Timeline::place) the partitions one by one.
    pub(crate) fn begin(
        completion: Completion,
        copied: BTreeSet<Partition>,
        usual: Option<SignedDuration>,
        first: Partition,
    ) -> Timeline {
        let owed = Owed { at: None, reason: String::new() };
        let (slots, unexpected) = (BTreeMap::new(), BTreeSet::new());
        Timeline { slots, completion, copied, usual, unexpected, next: (first, owed), awaited: true }
    }

    /// Places a partition: advances its record by what was `seen`, gets the expectations from `series`, which has
    /// learned from all earlier partitions, judges it, and learns from it.
    pub(crate) fn place(
        &mut self,
        dataset: &Dataset,
        series: &mut Series,
        before: PartitionRecord,
        seen: Option<Seen<'_>>,
        now: Timestamp,
    ) {
        let partition = before.partition;
        let (owed, window) = (owed(dataset, series, partition), series.window(partition, self.usual));
        let mut record = match seen {
            Some(seen) => advance(&before, seen, &self.completion, &window, owed.at, now),
            None => before,
        };
        record.arrival_known = !self.copied.contains(&partition);
        if matches!(seen, Some(Seen::Something(_))) {
            // Before it is learned from, and compared with the good ones before it.
            record.bad = alarms::limits_broken(dataset, self, &record);
        }
        rest(series, dataset, &record, now);
        let is_compacted = loss::is_usual(self, &record);
        let mut slot = learn(series, record, owed, window, is_compacted);
        beside::compare(dataset, self, &mut slot);
        self.slots.insert(partition, slot);
    }

    /// There is data, but it is not known how much.
    pub(crate) fn forget_look(&mut self, partition: Partition) {
        if let Some(slot) = self.slots.get_mut(&partition) {
            slot.record.look = None;
            slot.seldom = Seldom::default();
        }
    }

    /// Sets which partitions are now known to have been written together.
    pub(crate) fn learn_of_copies(&mut self, copied: BTreeSet<Partition>) {
        self.copied = copied;
    }

    /// The period of `partition` has begun.
    pub(crate) fn turn_to(&mut self, partition: Partition) {
        self.next.0 = partition;
    }

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

    /// True when nothing was ever seen of any partition.
    pub fn nothing_ever_came(&self) -> bool {
        self.slots.values().all(|slot| slot.record.look.is_none() && slot.record.landed_at.is_none())
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
            let record = slot.as_judged();
            Point {
                partition: *partition,
                value: value(metric, &Subject { record: &record, ..slot.subject(previous, &dataset.zone) }),
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
    /// Whether it can be judged: it has landed, or it was expected and its deadline has passed.
    pub fn is_judged(&self) -> bool {
        match self.record.state {
            PartitionState::Landed | PartitionState::Deleted => true,
            PartitionState::Late | PartitionState::Missing => self.owed.at.is_some(),
            PartitionState::Expected | PartitionState::Arriving => false,
        }
    }

    /// Its record, with the size by which it is judged.
    pub(super) fn as_judged(&self) -> Cow<'_, PartitionRecord> {
        let compacted = as_landed(&self.record, true).filter(|_| self.is_compacted);
        compacted.unwrap_or(Cow::Borrowed(&self.record))
    }

    /// Whether its objects are no longer those that landed.
    pub fn is_rewritten(&self) -> bool {
        match (&self.record.landed, &self.record.look) {
            (Some(landed), Some(look)) => landed.content != look.content,
            _ => false,
        }
    }
}

/// Completeness is inferred from earlier landed partitions; at the first look, from the look itself.
fn settle(dataset: &Dataset, records: &Records, observation: &Observation, now: Timestamp) -> Completion {
    if !records.is_empty() {
        return completion(&dataset.landed_when, records);
    }
    let seen = observation.partitions.iter().map(|(partition, look)| {
        let record = PartitionRecord { landed: Some(look.clone()), ..PartitionRecord::new(*partition, now) };
        (*partition, record)
    });
    completion(&dataset.landed_when, &seen.collect())
}

/// The median of the landing times, each relative to the end of its period.
pub(crate) fn usual_delay(
    landings: &BTreeMap<Partition, Timestamp>,
    dataset: &Dataset,
) -> Option<SignedDuration> {
    let delay = |(p, at): (&Partition, &Timestamp)| at.duration_since(p.end_in(&dataset.zone));
    let mut delays: Vec<SignedDuration> = landings.iter().map(delay).collect();
    delays.sort_unstable();
    delays.get(delays.len() / 2).copied()
}

fn landings(
    records: &Records,
    observation: &Observation,
    completion: &Completion,
) -> BTreeMap<Partition, Timestamp> {
    let known = records.values().filter_map(|r| Some((r.partition, r.landed_at?)));
    let seen = observation.partitions.iter().filter_map(|(p, look)| Some((*p, completion.dated(look)?)));
    // What history knows about a landing has priority over what a later rewrite left in the lake.
    seen.chain(known).collect()
}

/// How many hours' worth of data a repeated hour contains: two, unless its writer wrote only one of them.
fn repeated_hours(series: &Series, partition: Partition, bytes: f64) -> f64 {
    let hours = partition.hours_in(series.zone());
    let inside =
        |band: Band| band.low.is_none_or(|low| bytes >= low) && band.high.is_none_or(|high| bytes <= high);
    let usual = hours > 1.0 && series.expect(partition, Metric::TotalFileSize).is_some_and(inside);
    if usual { 1.0 } else { hours }
}

fn every_partition(records: &Records, observation: &Observation) -> BTreeSet<Partition> {
    let seen = observation.partitions.keys().chain(&observation.absent);
    records.keys().chain(seen).copied().collect()
}

/// The metrics that the baseline learns.
fn forecast() -> impl Iterator<Item = Metric> {
    Metric::ALL.iter().copied().filter(|metric| metric.row().learned == Learned::Forecast)
}

/// A partition as it is learned from, if it has landed: one that was deleted or compacted, as it was.
fn as_landed(record: &PartitionRecord, is_compacted: bool) -> Option<Cow<'_, PartitionRecord>> {
    match record.state {
        PartitionState::Landed if !is_compacted => record.look.as_ref().map(|_| Cow::Borrowed(record)),
        PartitionState::Landed | PartitionState::Deleted => {
            record.landed.as_ref()?;
            Some(Cow::Owned(PartitionRecord { look: record.landed.clone(), ..record.clone() }))
        }
        _ => None,
    }
}

fn learn(
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
