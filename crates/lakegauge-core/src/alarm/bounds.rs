//! The range that a value should be in.

use serde::{Deserialize, Serialize};

/// The lowest and the highest allowed value, in the metric's unit. Both bounds are inclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// Values below it breach; `None` is no lower bound.
    pub low: Option<f64>,
    /// Values above it breach; `None` is no upper bound.
    pub high: Option<f64>,
}

impl Bounds {
    /// Whether `value` is outside. NaN is never outside, so it does not breach.
    pub fn breached_by(self, value: f64) -> bool {
        self.low.is_some_and(|low| value < low) || self.high.is_some_and(|high| value > high)
    }

    /// Whether neither bound is set.
    pub fn is_empty(self) -> bool {
        self.low.is_none() && self.high.is_none()
    }
}

/// How far a value may be from the one it is compared with, in either direction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Margin {
    /// A share of the older value: 0.5 is 50 %.
    Relative(f64),
    /// In the metric's unit.
    Absolute(f64),
}
