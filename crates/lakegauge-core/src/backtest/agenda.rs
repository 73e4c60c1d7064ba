//! What happened, in the order of time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::trace::Trace;
use crate::alarm::{Bounds, Limit};
use crate::dataset::Dataset;
use crate::metric::Metric;
use crate::partition::Partition;

/// What happens to a partition. Of what happens at the same instant, the earlier word comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Happens {
    /// Its period is over.
    Ends,
    /// Its period begins.
    Begins,
    /// Something of it is there.
    Arrives,
    /// It is known to be complete.
    Lands,
    /// It is changed after it has landed.
    Changes,
    /// A person says something of it.
    IsMarked,
    /// Nothing newer than it may be the newest from now on.
    GoesStale,
}

/// One thing that happened.
pub(super) type Event = (Timestamp, Happens, Partition);

/// Everything that happened up to `now`, deadlines apart: those depend on what was known then.
pub(super) fn agenda(dataset: &Dataset, traces: &BTreeMap<Partition, Trace>, now: Timestamp) -> Vec<Event> {
    let zone = &dataset.zone;
    let stale = stale_after(dataset);
    let mut events: Vec<Event> = Vec::with_capacity(traces.len() * 3);
    for (partition, trace) in traces {
        let (begins, ends) = (partition.start_in(zone), partition.end_in(zone));
        events.push((begins, Happens::Begins, *partition));
        if trace.copied {
            // When it landed is not known: it counts as punctual.
            events.push((ends, Happens::Lands, *partition));
        } else {
            events.push((ends, Happens::Ends, *partition));
            events.extend(
                trace.arrivals().filter(|at| *at > begins).map(|at| (at, Happens::Arrives, *partition)),
            );
            // What lands before its period has begun is looked for once it has.
            events.extend(trace.known_at().map(|at| (at.max(begins), Happens::Lands, *partition)));
        }
        let since = if trace.copied { ends } else { begins };
        events.extend(trace.changed_at().map(|at| (at.max(since), Happens::Changes, *partition)));
        events.extend(trace.marked_at().map(|at| (at.max(since), Happens::IsMarked, *partition)));
        let stale = stale.iter().filter_map(|after| ends.checked_add(*after).ok());
        events.extend(stale.map(|at| (at, Happens::GoesStale, *partition)));
    }
    events.retain(|(at, ..)| *at <= now);
    events.sort_unstable();
    events
}

/// How long after its end the newest partition is too old, by the limits on freshness; a second more, to be beyond them.
fn stale_after(dataset: &Dataset) -> Vec<SignedDuration> {
    let own = dataset.rules.iter().filter(|rule| rule.metric == Metric::Freshness);
    let limits = own.filter_map(|rule| match rule.limit {
        Limit::Fixed(Bounds { high: Some(high), .. }) => Some(SignedDuration::from_secs(high as i64 + 1)),
        _ => None,
    });
    limits.collect()
}

/// Of partitions that were written together, those that were copied: something in the same write was older than any
/// catch-up. The others came late, and the lake shows how late.
pub(super) fn truly_copied(
    together: &BTreeSet<Partition>,
    traces: &BTreeMap<Partition, Trace>,
    dataset: &Dataset,
) -> BTreeSet<Partition> {
    let landed = |partition: &Partition| {
        let at = traces.get(partition)?.landed_at()?;
        let delay = at.duration_since(partition.end_in(&dataset.zone)).as_secs();
        Some((at, *partition, delay))
    };
    let period = dataset.layout.cadence().nominal_seconds();
    let mut old: Vec<Timestamp> = together
        .iter()
        .filter_map(landed)
        .filter(|(.., delay)| *delay > CATCH_UP * period)
        .map(|(at, ..)| at)
        .collect();
    old.sort_unstable();
    let near = |at: Timestamp| {
        let next = old.partition_point(|other| *other < at);
        let around = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|i| old.get(i));
        around.into_iter().any(|other| at.duration_since(*other).abs().as_secs() < period)
    };
    together
        .iter()
        .filter_map(landed)
        .filter(|(at, ..)| near(*at))
        .map(|(_, partition, _)| partition)
        .collect()
}

/// Periods that a catch-up after an outage goes back.
const CATCH_UP: i64 = 14;
