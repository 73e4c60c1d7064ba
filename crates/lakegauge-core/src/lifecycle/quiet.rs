//! How long a dataset pauses in the middle of its own writing.

use jiff::SignedDuration;

use crate::observation::PartitionLook;
use crate::partition::Cadence;
use crate::quantity;
use crate::record::PartitionRecord;

/// The shortest pause that means anything.
pub(super) const LEAST: SignedDuration = SignedDuration::from_mins(10);
/// How many partitions are needed to learn from.
const YOUNG: usize = 3;
/// The share of partitions, in tenths, whose longest pause is waited out: one late addition in ten does not count.
const SHARE: usize = 9;

/// The pause after which no more writes are expected: a quarter longer than the longest pause inside nine of ten of
/// the `past` partitions, between ten minutes and one period; with a sentence about it.
pub(super) fn learned(past: &[&PartitionRecord]) -> (SignedDuration, String) {
    let Some(first) = past.first() else { return (LEAST, YOUNG_WORDS.to_owned()) };
    let pauses: Vec<i64> = past.iter().filter_map(|record| longest(record)).collect();
    let (quiet, usual) = needed_quiet(pauses, first.partition.cadence());
    let Some(usual) = usual else { return (quiet, YOUNG_WORDS.to_owned()) };
    (quiet, format!("pauses inside partitions are up to {}", quantity::duration(usual.as_secs_f64())))
}

const YOUNG_WORDS: &str = "too few partitions to learn pauses from";

/// The pause that a dataset needs, computed from the longest pause in seconds inside each of its recent partitions;
/// and the pause that nine of ten do not exceed, `None` with fewer than three.
pub fn needed_quiet(mut pauses: Vec<i64>, cadence: Cadence) -> (SignedDuration, Option<SignedDuration>) {
    pauses.sort_unstable();
    let rank = (pauses.len() * SHARE).div_ceil(10).saturating_sub(1);
    let Some(usual) = pauses.get(rank).filter(|_| pauses.len() >= YOUNG) else { return (LEAST, None) };
    // Round numbers are easier to read.
    let grain = match usual {
        ..3_600 => 60,
        3_600..14_400 => 300,
        _ => 3_600,
    };
    let quiet = (usual + usual / 4 + grain - 1) / grain * grain;
    let quiet = SignedDuration::from_secs(quiet.min(cadence.nominal_seconds())).max(LEAST);
    (quiet, Some(SignedDuration::from_secs(*usual)))
}

/// The longest known pause inside a partition: between its objects, and between what landed and what was added within
/// one period.
fn longest(record: &PartitionRecord) -> Option<i64> {
    let landed = record.landed.as_ref()?;
    let inside = landed.pause.max(record.look.as_ref().and_then(|look| look.pause)).unwrap_or(0);
    let period = record.partition.cadence().nominal_seconds();
    let added =
        record.look.as_ref().and_then(PartitionLook::written).zip(landed.written()).map(|(now, then)| {
            let after = now.duration_since(then).as_secs();
            if after <= period { after } else { 0 }
        });
    Some(inside.max(added.unwrap_or(0)))
}
