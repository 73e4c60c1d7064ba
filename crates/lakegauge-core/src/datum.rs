//! One value of one metric at one time, with what it is about: what is sent to sinks, and stored by them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::metric::Unit;

/// One value of one metric. The fields are those of CloudWatch's `PutMetricData`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Datum {
    /// `MetricName`.
    pub name: String,
    /// `Unit`.
    pub unit: Unit,
    /// `Dimensions`: names and values.
    pub dimensions: Vec<(String, String)>,
    /// `Value`, in [`Datum::unit`]; always a number.
    pub value: f64,
    /// `Timestamp`: when the partition was judged; a 0 is moved out of the minute of a preceding 1.
    pub at: Timestamp,
}
