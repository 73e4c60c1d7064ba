//! One value of a metric.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::name::Metric;
use crate::partition::Partition;

/// One raw value of a metric for one partition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The metric.
    pub metric: Metric,
    /// The partition.
    pub partition: Partition,
    /// The value, in [`Metric::unit`].
    pub value: f64,
    /// When it was measured.
    pub at: Timestamp,
}
