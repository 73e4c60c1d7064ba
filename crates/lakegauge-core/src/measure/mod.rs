//! Measures: the numbers that a partition's record yields.
//!
//! A measure is a function here, its row in [`metric`](crate::metric) and its line in `measures`.

mod arrival;
mod beside;
mod change;
mod measures;
mod subject;
mod volume;

pub use measures::{is_of_partitions, measure, value};
pub use subject::{Beside, Subject};
