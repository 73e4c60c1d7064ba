//! Metrics as in CloudWatch: a name, a unit and samples.
//!
//! All that is known of a metric is in its row: a new one is a row in `name`, and a measure (in `measure` if it
//! describes a partition, in `judge` if it describes the dataset now).

mod name;
mod row;
mod sample;

pub use name::{Metric, UnknownMetric};
pub use row::{Alarmed, Kind, Learned, Of, Row, Shape, Unit};
pub use sample::Sample;
