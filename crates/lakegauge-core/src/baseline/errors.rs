//! How wrong a forecaster was lately, and the band that follows from it.

use std::collections::VecDeque;

use super::robust::{SCALE, middle, quantile};
use crate::partition::Cadence;

/// The least half-width of a band, as a logarithm: ±13 %.
pub(super) const FLOOR: f64 = 0.12;
/// How wide a band is for the recent errors of its forecaster.
///
/// What was outside of a band is not among the errors, so that the multiples are larger than the shares of a distribution alone
/// would ask for. Hours have twenty-four chances per day to be wrong: one in twenty is far too many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Width {
    /// Half-width in standard deviations, at least.
    pub(super) deviations: f64,
    /// Half-width in quantiles, at least.
    pub(super) tail: f64,
    /// Which quantile.
    pub(super) tail_quantile: f64,
}

impl Width {
    pub(super) fn of(cadence: Cadence) -> Width {
        match cadence {
            Cadence::Hourly => Width { deviations: 4.0, tail: 1.4, tail_quantile: 0.99 },
            Cadence::Daily | Cadence::Weekly | Cadence::Monthly => {
                Width { deviations: 3.0, tail: 1.35, tail_quantile: 0.95 }
            }
        }
    }
}

/// A band of n errors is wider by this share of 1/n.
pub(super) const YOUTH: f64 = 3.0;
/// Errors before which a forecaster is not heard.
pub(super) const YOUNG: usize = 4;
/// The most errors that are remembered: a week of hours.
const MOST: usize = 168;

/// The recent absolute errors of one forecaster: in the order of time, and sorted, so that a width is read and not sought.
#[derive(Clone, Debug)]
pub(super) struct Errors {
    recent: VecDeque<f64>,
    sorted: Vec<f64>,
    length: usize,
    rule: Width,
}

impl Errors {
    /// The last `length` errors, or as many as make a band that is neither young nor slow.
    pub(super) fn new(length: usize, rule: Width) -> Errors {
        Errors { recent: VecDeque::new(), sorted: Vec::new(), length: length.clamp(28, MOST), rule }
    }

    pub(super) fn push(&mut self, error: f64) {
        let oldest = if self.recent.len() < self.length { None } else { self.recent.pop_front() };
        if let Some(at) = oldest.and_then(|oldest| self.place(oldest).ok()) {
            self.sorted.remove(at);
        }
        let (Ok(at) | Err(at)) = self.place(error);
        self.sorted.insert(at, error);
        self.recent.push_back(error);
    }

    fn place(&self, error: f64) -> Result<usize, usize> {
        self.sorted.binary_search_by(|other| other.total_cmp(&error))
    }

    pub(super) fn count(&self) -> usize {
        self.sorted.len()
    }

    /// The smallest first.
    pub(super) fn all(&self) -> Vec<f64> {
        self.sorted.clone()
    }

    pub(super) fn width(&self) -> Option<f64> {
        let n = self.count();
        if n < YOUNG {
            return None;
        }
        let tail = quantile(&self.sorted, self.rule.tail_quantile)?;
        // The median absolute error, scaled as in `robust::spread`.
        let sigma = SCALE * middle(&self.sorted)?;
        let width = (self.rule.deviations * sigma).max(self.rule.tail * tail).max(FLOOR);
        Some(width * (1.0 + YOUTH / n as f64))
    }
}
