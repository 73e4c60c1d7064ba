//! What a changed config would change: datasets, deadlines, alarms, and the AWS resources for them.

mod compare;
mod difference;
#[cfg(test)]
mod tests;

pub use compare::{Plan, compare};
pub use difference::{Changed, Difference};
