//! Whether the bytes that a landed partition has lost matter.

use super::past::{Slot, Timeline};
use crate::lifecycle::PartitionState;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::record::PartitionRecord;

/// How many partitions show whether a change after landing is usual.
const LOOKED_AT: usize = 30;
/// How many occasions make it usual.
const OCCASIONS: usize = 3;
/// How many times the usual loss is still accepted.
const MARGIN: f64 = 1.5;
/// How much a partition without a band may lose when it is completely rewritten.
const WRITTEN_ANEW: f64 = 0.1;

/// Whether the loss can be ignored: all objects were replaced and the size is as expected, or the partitions of this
/// dataset usually lose that share, for example because they are compacted every night.
pub(super) fn is_fine(timeline: &Timeline, slot: &Slot) -> bool {
    let Some(share) = share(&slot.record) else { return false };
    let partition = slot.record.partition;
    is_replaced(slot) && is_expected(slot, share) || share <= MARGIN * usual(timeline, partition)
}

/// Whether a landed partition has lost no more than partitions of this dataset usually lose after landing: by its size,
/// it is judged and learned from as it landed. Otherwise, the new partitions of a feed that is compacted three days
/// later would be too large.
pub(super) fn is_usual(timeline: &Timeline, record: &PartitionRecord) -> bool {
    let share = share(record).filter(|share| *share > 0.0 && record.state == PartitionState::Landed);
    share.is_some_and(|share| share <= MARGIN * usual(timeline, record.partition))
}

/// The share of its bytes that a partition has lost: 1 when it was deleted.
fn share(record: &PartitionRecord) -> Option<f64> {
    let was = record.landed.as_ref()?.bytes;
    let is = record.look.as_ref().map_or(0, |look| look.bytes);
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

/// At how many different times these partitions were changed. A night in which a whole month is deleted or rewritten
/// is one occasion, and does not make it usual. Changes without a time, from older histories, count one by one.
fn occasions(slots: &[&Slot]) -> usize {
    let mut dated = Vec::new();
    let mut undated = 0;
    for record in slots.iter().map(|slot| &slot.record) {
        match record.changed_at {
            Some(at) => dated.push(at.as_second() * 2 / record.partition.cadence().nominal_seconds()),
            None => undated += 1,
        }
    }
    dated.sort_unstable();
    dated.dedup();
    dated.len() + undated
}

/// Whether it is usual that partitions change after landing as these did, out of `all` that were looked at: at least
/// a fifth of them, on at least three occasions.
fn are_usual(changed: &[&Slot], all: usize) -> bool {
    occasions(changed) >= OCCASIONS && changed.len() * 5 >= all
}

/// The share that is usually lost; 0 if losses are not usual.
fn usual(timeline: &Timeline, partition: Partition) -> f64 {
    let before = timeline.until(partition).filter(|slot| slot.record.partition < partition);
    let shares: Vec<(&Slot, f64)> =
        before.filter_map(|slot| Some((slot, share(&slot.record)?))).take(LOOKED_AT).collect();
    let (lost, mut lost_shares): (Vec<&Slot>, Vec<f64>) =
        shares.iter().copied().filter(|(_, share)| *share > 0.0).unzip();
    lost_shares.sort_by(f64::total_cmp);
    let usual = are_usual(&lost, shares.len());
    // The median, so that a single partition that lost nearly everything does not make that usual.
    lost_shares.get(lost_shares.len() / 2).copied().filter(|_| usual).unwrap_or(0.0)
}

/// Whether this dataset's partitions are usually rewritten after they land.
pub(super) fn rewriting_is_usual(timeline: &Timeline, partition: Partition) -> bool {
    let landed = timeline.until(partition).skip(1).filter(|slot| slot.record.landed.is_some());
    let before: Vec<&Slot> = landed.take(LOOKED_AT).collect();
    let rewritten: Vec<&Slot> = before.iter().copied().filter(|slot| slot.is_rewritten()).collect();
    are_usual(&rewritten, before.len())
}
