//! What a dataset needs on AWS: the alarms over its metrics, and the schedule of its deadlines.
//!
//! Pure data from the config alone, shared by the Terraform module, `plan` and `cost`, so that all three agree.

mod alarm;
mod schedule;
#[cfg(test)]
mod tests;

pub use alarm::{Comparison, MetricAlarm, PERIOD, Statistic, alarms};
pub use schedule::{Schedule, schedule};
