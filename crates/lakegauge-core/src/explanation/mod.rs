//! Why a partition is judged as it is: when it is due, how its completeness is detected, what is expected of it, and from
//! what all of that was computed.

mod build;
mod expected;
mod parts;

pub use build::explain;
pub use parts::{Due, Expected, Explanation, Why};
