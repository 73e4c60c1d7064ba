//! Whether bytes that a landed partition has lost are a loss.

use super::timeline::{Slot, Timeline};
use crate::metric::Metric;

/// Losing bytes is usual where at least a fifth of the last 30 partitions (and at least three) did.
const USUAL: (usize, usize) = (30, 3);
/// How much more than is usual may be lost.
const MARGIN: f64 = 1.5;
/// How much a partition without a band may lose when all of it is written anew.
const WRITTEN_ANEW: f64 = 0.1;

/// Whether the loss is none: all objects were replaced and the size is as expected, or the partitions of this dataset
/// usually lose that share, as those that are compacted every night do.
pub(super) fn is_fine(timeline: &Timeline, slot: &Slot) -> bool {
    let Some(share) = share(slot) else { return false };
    is_replaced(slot) && is_expected(slot, share) || share <= MARGIN * usual(timeline, slot)
}

/// The share of its bytes that a partition has lost: all of them when it was deleted.
fn share(slot: &Slot) -> Option<f64> {
    let was = slot.record.landed.as_ref()?.bytes;
    let is = slot.record.look.as_ref().map_or(0, |look| look.bytes);
    Some(was.saturating_sub(is) as f64 / was.max(1) as f64)
}

/// Whether every object is newer than those that landed.
fn is_replaced(slot: &Slot) -> bool {
    let (landed, look) = (slot.record.landed.as_ref(), slot.record.look.as_ref());
    landed
        .and_then(|was| was.last_write)
        .zip(look.and_then(|is| is.first_write))
        .is_some_and(|(was, is)| is > was)
}

fn is_expected(slot: &Slot, share: f64) -> bool {
    let bytes = slot.record.look.as_ref().map_or(0, |look| look.bytes) as f64;
    match slot.bands.get(&Metric::TotalFileSize) {
        Some(band) => band.low.is_none_or(|low| bytes >= low),
        None => share <= WRITTEN_ANEW,
    }
}

/// At how many different times these partitions were changed. One night in which a whole month is deleted or written anew
/// is one occasion, and makes nothing usual. What older histories do not date counts by itself.
pub(super) fn occasions<'a>(slots: impl Iterator<Item = &'a Slot>) -> usize {
    let mut dated = Vec::new();
    let mut undated = 0;
    for record in slots.map(|slot| &slot.record) {
        match record.changed_at {
            Some(at) => dated.push(at.as_second() * 2 / record.partition.cadence().nominal_seconds()),
            None => undated += 1,
        }
    }
    dated.sort_unstable();
    dated.dedup();
    dated.len() + undated
}

/// The largest share that is usually lost; 0 where losing is not usual.
fn usual(timeline: &Timeline, slot: &Slot) -> f64 {
    let (of, least) = USUAL;
    let before: Vec<(&Slot, f64)> = timeline
        .until(slot.record.partition)
        .skip(1)
        .filter_map(|slot| Some((slot, share(slot)?)))
        .take(of)
        .collect();
    let lost = || before.iter().filter(|(_, share)| *share > 0.0);
    let occasions = occasions(lost().map(|(slot, _)| *slot));
    let mut lost: Vec<f64> = lost().map(|(_, share)| *share).collect();
    lost.sort_by(f64::total_cmp);
    let usual = occasions >= least && lost.len() * 5 >= before.len();
    // The middle one, so that one that lost nearly all does not make that usual.
    lost.get(lost.len() / 2).copied().filter(|_| usual).unwrap_or(0.0)
}
