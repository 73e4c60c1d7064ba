//! Alarms with CloudWatch's meaning: a rule over the datapoints of one metric, in one of three states.
//!
//! A partition is a datapoint. [`compare`] turns a value and the dataset's past into a [`Datapoint`] with its
//! [`Bounds`]; [`evaluate`] turns a window of datapoints into an [`Evaluation`]. Both are pure.

mod bounds;
mod compare;
mod datapoint;
mod decision;
mod evaluation;
mod reason;
mod rule;
mod state;
#[cfg(test)]
mod tests;

pub use bounds::{Bounds, Margin};
pub use compare::{compare, level_metric};
pub use datapoint::{Basis, Datapoint};
pub use evaluation::{Evaluation, evaluate};
pub use rule::{Against, Limit, MissingData, Rule, Severity};
pub use state::State;
