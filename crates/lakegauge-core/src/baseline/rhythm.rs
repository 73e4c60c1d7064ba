//! How periods are counted, and after how many of them a rhythm repeats.

use jiff::civil::date;

use crate::partition::{Cadence, Partition};

/// How many partitions make one round of the rhythm.
pub(super) fn round(cadence: Cadence) -> usize {
    match cadence {
        Cadence::Hourly => 24,
        Cadence::Daily => 7,
        Cadence::Weekly => 4,
        Cadence::Monthly => 12,
    }
}

/// The partition from which periods are counted: the first day of 2001 is a Monday.
pub(super) fn first(cadence: Cadence) -> Partition {
    Partition::containing(date(2001, 1, 1).at(0, 0, 0, 0), cadence)
}
