//! Measures: the numbers that a partition's record yields.
//!
//! Adding a measure is one file here and one line in `measures`.

mod arrival;
mod beside;
mod change;
mod measures;
mod subject;
mod volume;

pub use measures::{is_of_partitions, measure, value};
pub use subject::{Beside, Subject};
