//! Where a partition is in its life cycle.

use serde::{Deserialize, Serialize};

/// Where a partition is in its life cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionState {
    /// It has no data, and the deadline has not passed.
    Expected,
    /// It has data but is not complete, and the deadline has not passed.
    Arriving,
    /// Complete.
    Landed,
    /// The deadline has passed and it is not complete.
    Late,
    /// The deadline has passed and it has no data.
    Missing,
    /// It had landed, and nothing is left.
    Deleted,
}

impl PartitionState {
    /// The word of the JSON output.
    pub fn name(self) -> &'static str {
        match self {
            PartitionState::Expected => "expected",
            PartitionState::Arriving => "arriving",
            PartitionState::Landed => "landed",
            PartitionState::Late => "late",
            PartitionState::Missing => "missing",
            PartitionState::Deleted => "deleted",
        }
    }
}
