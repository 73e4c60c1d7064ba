//! What a measure may ask.

use jiff::tz::TimeZone;

use crate::partition::Partition;
use crate::record::PartitionRecord;
use crate::roster::Call;

/// What a measure may ask.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The partition that is measured.
    pub record: &'a PartitionRecord,
    /// The last partition before it of which anything is known.
    pub previous: Option<&'a PartitionRecord>,
    /// The zone of the dataset.
    pub zone: &'a TimeZone,
    /// What it is beside the partitions before it; `None` where that was not looked at.
    pub beside: Option<&'a Beside>,
}

/// What a partition is beside the ones before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// Which parts came; `None` where that is not known.
    pub roll: Option<Call>,
    /// The newest partition before it that holds the same, to the byte.
    pub twin: Option<Partition>,
}
