//! What is known of a dataset, and the ways of running.

use crate::partition::Cadence;

/// The days of the month that is reckoned with.
pub const DAYS: f64 = 30.0;

/// What one dataset asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// How often a partition is due.
    pub cadence: Cadence,
    /// List requests of one look when everything is as usual.
    pub list_requests: u64,
    /// Objects of a partition, on average.
    pub objects: f64,
    /// Metrics that it posts to CloudWatch.
    pub metrics: u64,
    /// Its CloudWatch alarms.
    pub alarms: u64,
}

impl Load {
    /// Partitions of a month.
    pub fn partitions(&self) -> f64 {
        DAYS * 86_400.0 / self.cadence.nominal_seconds() as f64
    }
}

/// How lakegauge runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// `lakegauge check`, so many times a day.
    OneShot {
        /// How often.
        checks_a_day: f64,
    },
    /// The daemon: a look when a partition lands, one at its deadline. State and alarms are its own.
    Resident,
    /// Lambda: the same looks, events through a queue, state in a bucket, metrics and alarms in CloudWatch.
    Serverless,
}
