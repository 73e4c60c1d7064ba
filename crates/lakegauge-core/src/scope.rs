//! Which partitions a run has to look at: as few as tell the truth.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::dataset::Dataset;
use crate::lifecycle::PartitionState;
use crate::partition::{Cadence, Partition};
use crate::record::{PartitionRecord, Records};

/// What the user asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The newest partition that is due or has landed.
    Newest,
    /// That many of the newest.
    Last(u32),
    /// These.
    Named(Vec<Partition>),
}

/// What must be looked at to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needed {
    /// These partitions.
    Partitions(Vec<Partition>),
    /// The whole past from this partition on: nothing is known yet, or too little.
    Past(Partition),
}

/// Beyond this many partitions, one pass over the past is cheaper than a look at each.
const ONE_BY_ONE: usize = 64;
/// For how many periods after its own a partition that has not landed is looked for again.
const KEEP_LOOKING: i64 = 7;

/// How many periods of the past are learnt from: five weeks of hours, 400 days, four years of weeks, ten years of months.
pub fn depth(cadence: Cadence) -> i64 {
    match cadence {
        Cadence::Hourly => 35 * 24,
        Cadence::Daily => 400,
        Cadence::Weekly => 208,
        Cadence::Monthly => 120,
    }
}

/// The partition whose period contains `now`.
pub fn current(dataset: &Dataset, now: Timestamp) -> Partition {
    Partition::containing(now.to_zoned(dataset.zone.clone()).datetime(), dataset.layout.cadence())
}

/// Plans the look: everything newer than the newest record, what has not settled lately, the last few that have
/// landed (they may have been rewritten), and what was asked for by name.
pub fn needed(dataset: &Dataset, records: &Records, wanted: &Wanted, now: Timestamp) -> Needed {
    let current = current(dataset, now);
    // A stray partition of the future (9999-12-31) must not stand for all that is still to come.
    let Some((newest, _)) = records.range(..=current).next_back() else {
        return Needed::Past(current.offset(-depth(current.cadence())));
    };
    let unknown = current.periods_since(*newest);
    if unknown > ONE_BY_ONE as i64 {
        return Needed::Past(*newest);
    }
    let mut looks: BTreeSet<Partition> = (1..=unknown).map(|n| newest.offset(n)).collect();
    let unsettled = records.values().filter(|r| r.state != PartitionState::Landed && !given_up(r, dataset));
    looks.extend(unsettled.map(|r| r.partition));
    let back = match wanted {
        Wanted::Last(n) => dataset.look_back.max(*n),
        Wanted::Newest | Wanted::Named(_) => dataset.look_back,
    };
    let landed = records.range(..=current).rev().map(|(_, r)| r).filter(|r| r.landed_at.is_some());
    looks.extend(landed.take(back as usize).map(|r| r.partition));
    match wanted {
        Wanted::Named(named) => looks.extend(named.iter().copied()),
        Wanted::Last(n) => looks.extend((0..i64::from(*n)).map(|i| current.offset(-i))),
        Wanted::Newest => {}
    }
    Needed::Partitions(looks.into_iter().collect())
}

/// A partition that was still not there long after its time is not looked for again.
fn given_up(record: &PartitionRecord, dataset: &Dataset) -> bool {
    record.seen_at >= record.partition.offset(KEEP_LOOKING).end_in(&dataset.zone)
}
