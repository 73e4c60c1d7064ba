//! What an explanation consists of.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::alarm::{Bounds, Rule};
use crate::baseline::{Derivation, DueDerivation};
use crate::lifecycle::Completion;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::verdict::DatasetReport;

/// All about one partition of a dataset.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    /// The partition.
    pub partition: Partition,
    /// By when it must have landed.
    pub due: Due,
    /// How its completeness is detected.
    pub completion: &'a Completion,
    /// What is expected of it, by metric.
    pub expected: Vec<Expected>,
    /// How history compares it, in words; `None` until it has landed.
    pub verdict: Option<String>,
    /// The report that it is part of.
    pub report: &'a DatasetReport,
}

/// By when a partition must have landed.
#[derive(Clone, Debug)]
pub struct Due {
    /// The time; `None` if the partition is not expected, or nothing has been learned yet.
    pub at: Option<Timestamp>,
    /// Where it comes from.
    pub reason: String,
    /// The last landings before the partition, newest first.
    pub landings: Vec<(Partition, Timestamp)>,
    /// The derivation; `None` if the config or the calendar decides.
    pub derivation: Option<DueDerivation>,
}

/// What is expected of one metric.
#[derive(Clone, Debug)]
pub struct Expected {
    /// The metric.
    pub metric: Metric,
    /// The lowest and the highest value that pass.
    pub bounds: Bounds,
    /// Where they come from.
    pub why: Why,
    /// The partitions that a band was learned from, with their values, oldest first.
    pub days: Vec<(Partition, f64)>,
    /// With a short history: how many forecasts the width of the band comes from, and the share by which it is wider.
    pub young: Option<(usize, f64)>,
    /// The derivation of a learned band.
    pub derivation: Option<Derivation>,
    /// The values as they landed.
    pub landed: BTreeMap<Partition, f64>,
}

/// Where bounds come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// History, as the band says it.
    Learned(String),
    /// Nothing is learned yet.
    NotYet {
        /// Partitions that had landed before this one.
        known: usize,
        /// How many are needed.
        needed: usize,
    },
    /// A rule of the config.
    Set(Rule),
}
