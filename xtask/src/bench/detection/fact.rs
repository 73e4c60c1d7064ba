//! One day of a feed.

use jiff::Timestamp;
use jiff::civil::Date;

use super::detector::Volume;

/// One day of a feed. On a day without arrival and volume nothing came.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) day: Date,
    pub(crate) landed_at: Option<Timestamp>,
    pub(crate) volume: Volume,
}
