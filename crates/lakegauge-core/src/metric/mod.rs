//! Metrics as in CloudWatch: a name and a unit.
//!
//! All that is known of a metric is in its row: a new one is a row in `name`, and a measure (in `measure` if it
//! describes a partition, in `judge` if it describes the dataset now).

mod name;
mod row;

pub use name::{Metric, UnknownMetric};
pub use row::{Alarmed, Kind, Learned, Of, Row, Shape, Unit};
