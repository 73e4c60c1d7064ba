//! What is known of a dataset, and the ways of running.

use crate::partition::Cadence;

/// The days of a month, for every figure that is per month.
pub const DAYS: f64 = 30.0;

/// What says that a partition is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// A marker.
    Marker,
    /// Nothing was written for some time.
    Quiet,
}

/// What one dataset asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// How often a partition is due.
    pub cadence: Cadence,
    /// What says that its partitions are complete.
    pub completion: Completion,
    /// The config says by when they are due, so that a schedule stands for the deadline.
    pub is_due: bool,
    /// An alarm on its freshness, which changes by the minute: every tick looks.
    pub ages: bool,
    /// List requests of a look that expects a new partition.
    pub list_requests: u64,
    /// List requests of a look after the newest partition has landed.
    pub settled_requests: u64,
    /// List requests that find out which values the path's splitting keys have; nothing where it has none.
    pub split_requests: u64,
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
    /// `lakegauge check`, so many times per day.
    OneShot {
        /// How many times per day.
        checks_per_day: f64,
    },
    /// The daemon, with the looks of the functions. State and alarms are its own. A model: `serve` is still to come.
    Resident,
    /// Lambda: a look when a period ends, one when its partition lands, one at its deadline; events through a queue, state in
    /// a bucket, metrics and alarms in CloudWatch.
    Serverless,
}
