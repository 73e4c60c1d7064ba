//! The timeline of a look: merges the look into the records, and replays history over them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::builder::{Builder, learn};
use super::owed::{owed, rest};
use super::past::{Slot, Timeline};
use crate::baseline::Series;
use crate::batch::copied;
use crate::dataset::Dataset;
use crate::lifecycle::{Completion, Seen, completion};
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
        let begun = Builder::begin(completion, copied, usual, current);
        let partitions = every_partition(records, observation);
        let absent: BTreeSet<Partition> = observation.absent.iter().copied().collect();
        let run = |from: Option<Partition>, until: Option<Partition>| {
            let mut builder = begun.clone();
            let mut series = Series::new(dataset.layout.cadence(), dataset.zone.clone());
            let of_interest = |p: &&Partition| Some(**p) >= from && until.is_none_or(|until| **p < until);
            for partition in partitions.iter().filter(of_interest) {
                let known = records.get(partition).cloned();
                let before = known.unwrap_or_else(|| PartitionRecord::new(*partition, now));
                let seen = match observation.partitions.get(partition) {
                    Some(look) => Some(Seen::Something(look)),
                    None => absent.contains(partition).then_some(Seen::Nothing),
                };
                builder.place(dataset, &mut series, before, seen, now);
            }
            (builder.finish(), series)
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

fn every_partition(records: &Records, observation: &Observation) -> BTreeSet<Partition> {
    let seen = observation.partitions.keys().chain(&observation.absent);
    records.keys().chain(seen).copied().collect()
}
