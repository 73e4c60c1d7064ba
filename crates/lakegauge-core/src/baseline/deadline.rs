//! A learned deadline, whose sentence is written when it is read.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::arrival::Expected;
use super::reason;
use crate::partition::Partition;

/// By when a partition must have landed, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Deadline {
    /// The deadline; `None` if the partition is not expected or the deadline is unknown.
    pub at: Option<Timestamp>,
    pub(super) expected: Expected,
    pub(super) next: Partition,
    pub(super) usual: Option<Timestamp>,
    pub(super) zone: TimeZone,
}

impl Deadline {
    /// Why, as a sentence.
    pub fn reason(&self) -> String {
        reason::due(&self.expected, self.next, self.usual, &self.zone)
    }
}
