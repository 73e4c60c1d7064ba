//! How long a dataset is quiet in the middle of its own writing.

use jiff::SignedDuration;

use super::completion::written;
use crate::quantity;
use crate::record::PartitionRecord;

/// The least pause that means anything.
pub(super) const LEAST: SignedDuration = SignedDuration::from_mins(10);
/// Partitions before which nothing is learned.
const YOUNG: usize = 3;
/// The share of partitions, in tenths, whose longest pause is waited out: one late addition in ten does not count.
const SHARE: usize = 9;

/// The pause after which nothing more is to be expected: a quarter longer than the longest pause inside nine of ten of the
/// `past` partitions, between ten minutes and one period; and the words for that.
pub(super) fn learned(past: &[&PartitionRecord]) -> (SignedDuration, String) {
    let mut pauses: Vec<i64> = past.iter().filter_map(|record| longest(record)).collect();
    pauses.sort_unstable();
    let usual = pauses.len().checked_mul(SHARE).and_then(|n| pauses.get(n.div_ceil(10).saturating_sub(1)));
    let Some(usual) = usual.filter(|_| pauses.len() >= YOUNG) else {
        return (LEAST, "too few partitions to learn pauses from".to_owned());
    };
    let period = past.first().map_or(i64::MAX, |record| record.partition.cadence().nominal_seconds());
    // Whole minutes are easier to read.
    let quiet = (usual + usual / 4 + 59) / 60 * 60;
    let quiet = SignedDuration::from_secs(quiet.min(period)).max(LEAST);
    let words = format!("pauses inside partitions are up to {}", quantity::duration(*usual as f64));
    (quiet, words)
}

/// The longest pause inside a partition, as far as is known: between its objects, and between what landed and what was
/// added within a period of it.
fn longest(record: &PartitionRecord) -> Option<i64> {
    let landed = record.landed.as_ref()?;
    let inside = landed.pause.max(record.look.as_ref().and_then(|look| look.pause)).unwrap_or(0);
    let period = record.partition.cadence().nominal_seconds();
    let added = record.look.as_ref().and_then(written).zip(written(landed)).map(|(now, then)| {
        let after = now.duration_since(then).as_secs();
        if after <= period { after } else { 0 }
    });
    Some(inside.max(added.unwrap_or(0)))
}
