//! Builds a timeline: merges a look into the records, and replays history over them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::owed::{Owed, owed, rest};
use super::past::{Seldom, Slot, Timeline, as_landed};
use super::{alarms, beside, loss};
use crate::baseline::{Band, Fact, Series};
use crate::batch::copied;
use crate::dataset::Dataset;
use crate::lifecycle::{Completion, LandingWindow, PartitionState, Seen, advance, completion};
use crate::measure::{Beside, Subject, value};
use crate::metric::{Learned, Metric};
use crate::observation::Observation;
use crate::partition::Partition;
use crate::record::{PartitionRecord, Records, newest_came};
use crate::scope;

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
    pub fn begin(
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
    pub fn place(
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
    pub fn forget_look(&mut self, partition: Partition) {
        if let Some(slot) = self.slots.get_mut(&partition) {
            slot.record.look = None;
            slot.seldom = Seldom::default();
        }
    }

    /// Sets which partitions are now known to have been written together.
    pub fn learn_of_copies(&mut self, copied: BTreeSet<Partition>) {
        self.copied = copied;
    }

    /// The period of `partition` has begun.
    pub fn turn_to(&mut self, partition: Partition) {
        self.next.0 = partition;
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
pub fn usual_delay(landings: &BTreeMap<Partition, Timestamp>, dataset: &Dataset) -> Option<SignedDuration> {
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
