//! A value, the bounds it is held against, and where those come from.

use serde::{Deserialize, Serialize};

use super::rule::Margin;
use crate::partition::Partition;

/// The lowest and the highest value that are fine, in the metric's unit. Both edges are within.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Values below it breach; `None` is no lower bound.
    pub low: Option<f64>,
    /// Values above it breach; `None` is no upper bound.
    pub high: Option<f64>,
}

impl Bounds {
    /// Whether `value` lies outside. Not a number lies nowhere and does not breach.
    pub fn breached_by(self, value: f64) -> bool {
        self.low.is_some_and(|low| value < low) || self.high.is_some_and(|high| value > high)
    }

    /// Whether there is nothing to hold a value against.
    pub fn is_empty(self) -> bool {
        self.low.is_none() && self.high.is_none()
    }
}

/// Where a datapoint's bounds come from; the reason sentence is built from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Written in the config.
    Fixed,
    /// A margin around an older value.
    Near {
        /// How far the value may lie from the older one.
        margin: Margin,
        /// The older partition.
        partition: Partition,
        /// Its value, on the scale of [`level_metric`](super::level_metric).
        value: f64,
    },
    /// Learnt from history.
    Learned {
        /// What it was learnt from, to follow "from": `the last 12 Fridays`.
        source: String,
    },
    /// There are no bounds.
    Nothing {
        /// Why, to follow "nothing to compare with:": `no earlier Friday is known to be good`.
        why: String,
    },
}

/// One value of an alarm's metric, for one partition, with what it is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Datapoint {
    /// The partition that was measured.
    pub partition: Partition,
    /// In the metric's unit.
    pub value: f64,
    /// Where the value should lie.
    pub bounds: Bounds,
    /// Where the bounds come from.
    pub basis: Basis,
}

impl Datapoint {
    /// A datapoint with the band that history expects, both on the scale of [`level_metric`](super::level_metric).
    /// `source` follows "from": `the last 12 Fridays`.
    pub fn learned(partition: Partition, value: f64, bounds: Bounds, source: impl Into<String>) -> Datapoint {
        Datapoint { partition, value, bounds, basis: Basis::Learned { source: source.into() } }
    }

    /// A datapoint that cannot be judged. `why` follows "nothing to compare with:".
    pub fn without_bounds(partition: Partition, value: f64, why: impl Into<String>) -> Datapoint {
        Datapoint { partition, value, bounds: Bounds::default(), basis: Basis::Nothing { why: why.into() } }
    }
}
