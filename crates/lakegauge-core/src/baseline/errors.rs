//! The recent errors of a forecaster, and the band that follows from them.

use std::collections::VecDeque;

use super::robust::{SCALE, middle, quantile};
use crate::partition::Cadence;

/// The minimum half-width of a band, as a logarithm: ±13 %.
pub(super) const FLOOR: f64 = 0.12;
/// How wide a band is, given the recent errors of its forecaster.
///
/// Values outside the band are not among the errors, so the multiples are larger than the quantiles of a distribution
/// alone would require. Hourly data has twenty-four chances per day to be wrong: one in twenty is far too many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Width {
    /// Minimum half-width in standard deviations.
    pub(super) deviations: f64,
    /// Minimum half-width as a multiple of the quantile.
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
/// How many errors a forecaster needs to be heard.
pub(super) const YOUNG: usize = 4;
/// How many errors are remembered at most: a week of hourly data.
const MOST: usize = 168;

/// The recent absolute errors of one forecaster, both in order of time and sorted, so that a width needs no sorting.
#[derive(Clone, Debug)]
pub(super) struct Errors {
    recent: VecDeque<f64>,
    sorted: Vec<f64>,
    length: usize,
    rule: Width,
}

impl Errors {
    /// Keeps the last `length` errors, within limits that make the band neither too wide nor too slow to adapt.
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

    /// All errors, smallest first.
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
