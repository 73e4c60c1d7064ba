//! Everything that happened, in chronological order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::alarm::{Bounds, Limit};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;

use super::trace::Trace;

/// What happens to a partition. For events at the same instant, the earlier variant comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Happens {
    /// Its period is over.
    Ends,
    /// Its period begins.
    Begins,
    /// Its first or its last object is written.
    Arrives,
    /// It is known to be complete.
    Lands,
    /// It is changed after it has landed.
    Changes,
    /// A person marks it.
    IsMarked,
    /// From now on, the newest partition is stale unless a newer one has come.
    GoesStale,
}

/// One thing that happened.
pub(super) type Event = (Timestamp, Happens, Partition);

/// Everything that happened up to `now`, except deadlines: those depend on what was known at the time.
pub(super) fn agenda(dataset: &Dataset, traces: &BTreeMap<Partition, Trace>, now: Timestamp) -> Vec<Event> {
    let zone = &dataset.zone;
    let stale = stale_after(dataset);
    let mut events: Vec<Event> = Vec::with_capacity(traces.len() * 3);
    for (partition, trace) in traces {
        let (begins, ends) = (partition.start_in(zone), partition.end_in(zone));
        events.push((begins, Happens::Begins, *partition));
        if trace.copied {
            // The landing time is unknown: it counts as on time.
            events.push((ends, Happens::Lands, *partition));
        } else {
            events.push((ends, Happens::Ends, *partition));
            events.extend(
                trace.arrivals().filter(|at| *at > begins).map(|at| (at, Happens::Arrives, *partition)),
            );
            // A partition that lands before its period begins is first looked at when the period begins.
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

/// How long after its end the newest partition is too old, according to the limits on freshness, plus one second to
/// be past them.
fn stale_after(dataset: &Dataset) -> Vec<SignedDuration> {
    let own = dataset.rules.iter().filter(|rule| rule.metric == Metric::Freshness);
    let limits = own.filter_map(|rule| match rule.limit {
        Limit::Fixed(Bounds { high: Some(high), .. }) => Some(SignedDuration::from_secs(high as i64 + 1)),
        _ => None,
    });
    limits.collect()
}

/// Of the partitions that were written together, those that were copied: something in the same write was older than
/// any catch-up could be. The others were late, and the lake shows by how much.
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

/// How many periods back a catch-up after an outage can go.
const CATCH_UP: i64 = 14;
