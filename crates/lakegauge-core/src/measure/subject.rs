//! What a measure may ask.

use jiff::tz::TimeZone;

use crate::record::PartitionRecord;

/// What a measure may ask.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The partition that is measured.
    pub record: &'a PartitionRecord,
    /// The last partition before it of which anything is known.
    pub previous: Option<&'a PartitionRecord>,
    /// The zone of the dataset.
    pub zone: &'a TimeZone,
}
