//! The input of a measure.

use jiff::tz::TimeZone;

use crate::partition::Partition;
use crate::record::PartitionRecord;
use crate::roster::Call;

/// The input of a measure.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The measured partition.
    pub record: &'a PartitionRecord,
    /// The last earlier partition with any data.
    pub previous: Option<&'a PartitionRecord>,
    /// The zone of the dataset.
    pub zone: &'a TimeZone,
    /// How it compares with earlier partitions; `None` if that was not computed.
    pub beside: Option<&'a Beside>,
}

/// How a partition compares with earlier ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beside {
    /// Which parts came; `None` if unknown.
    pub roll: Option<Call>,
    /// The newest earlier partition with the same content, to the byte.
    pub twin: Option<Partition>,
}
