//! What a dataset asks of AWS: the alarms that watch its metrics, and when somebody has to look.
//!
//! Pure data, from the config alone: the Terraform module, `plan` and `cost` name the same things because they ask here.

mod alarm;
mod schedule;
#[cfg(test)]
mod tests;

pub use alarm::{Comparison, MetricAlarm, PERIOD, Statistic, alarms};
pub use schedule::{Schedule, schedule};
