//! What is known about a dataset, and the ways of running lakegauge.

use lakegauge_core::partition::Cadence;

/// The days of a month, for every figure per month.
pub const DAYS: f64 = 30.0;

/// How a partition is known to be complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// A marker.
    Marker,
    /// Nothing was written for some time.
    Quiet,
}

/// What one dataset requires.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// How often a partition is due.
    pub cadence: Cadence,
    /// How its partitions are known to be complete.
    pub completion: Completion,
    /// The config sets when they are due, so a schedule covers the deadline.
    pub is_due: bool,
    /// There is an alarm on its freshness, which changes by the minute: every tick looks.
    pub ages: bool,
    /// List requests of a look that expects a new partition.
    pub list_requests: u64,
    /// List requests of a look after the newest partition has landed.
    pub settled_requests: u64,
    /// List requests that find the values of the path's splitting keys; 0 if it has none.
    pub split_requests: u64,
    /// Average number of objects per partition.
    pub objects: f64,
    /// Metrics that it posts to CloudWatch.
    pub metrics: u64,
    /// Its CloudWatch alarms.
    pub alarms: u64,
}

impl Load {
    /// Partitions per month.
    pub fn partitions(&self) -> f64 {
        DAYS * 86_400.0 / self.cadence.nominal_seconds() as f64
    }
}

/// How lakegauge runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    /// `lakegauge check`, so many times per day.
    OneShot {
        /// How many times per day.
        checks_per_day: f64,
    },
    /// The daemon, with the same looks as on Lambda. It keeps state and alarms itself. This is a model: `serve` does
    /// not exist yet.
    Resident,
    /// Lambda: a look when a period ends, one when its partition lands and one at its deadline. Events come through a
    /// queue, state is in a bucket, metrics and alarms are in CloudWatch.
    Serverless,
}
