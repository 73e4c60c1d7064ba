//! A value, the bounds it is compared with, and where those bounds come from.

use serde::{Deserialize, Serialize};

use super::bounds::{Bounds, Margin};
use crate::partition::Partition;

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
    /// Learned from history.
    Learned {
        /// What it was learned from: `the last 12 Fridays`.
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
    /// `source` is what the band was learned from: `the last 12 Fridays`.
    pub fn learned(partition: Partition, value: f64, bounds: Bounds, source: impl Into<String>) -> Datapoint {
        Datapoint { partition, value, bounds, basis: Basis::Learned { source: source.into() } }
    }

    /// The same datapoint with its bounds widened to include its value.
    pub fn accepted(mut self) -> Datapoint {
        if self.bounds.breached_by(self.value) {
            self.bounds.low = self.bounds.low.map(|low| low.min(self.value));
            self.bounds.high = self.bounds.high.map(|high| high.max(self.value));
        }
        self
    }

    /// A datapoint that cannot be judged. `why` follows "nothing to compare with:".
    pub fn without_bounds(partition: Partition, value: f64, why: impl Into<String>) -> Datapoint {
        Datapoint { partition, value, bounds: Bounds::default(), basis: Basis::Nothing { why: why.into() } }
    }
}
