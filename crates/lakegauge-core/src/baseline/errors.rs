//! How wrong a forecaster was lately, and the band that follows from it.

use std::collections::VecDeque;

use super::robust::{SCALE, middle, quantile};

/// The least half-width of a band, as a logarithm: ±13 %.
pub(super) const FLOOR: f64 = 0.12;
/// Half-width in 95 % quantiles of the forecaster's own recent errors.
pub(super) const TAIL: f64 = 1.35;
/// Which quantile.
pub(super) const TAIL_QUANTILE: f64 = 0.95;
/// Which quantile of hours: of twenty-four a day, one in twenty is far too many.
pub(super) const TAIL_QUANTILE_OF_HOURS: f64 = 0.99;
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
    /// Half-width in standard deviations.
    deviations: f64,
    tail_quantile: f64,
}

impl Errors {
    /// `deviations`: the half-width in standard deviations of these errors; `tail_quantile`: the one whose multiple is the least.
    pub(super) fn new(length: usize, deviations: f64, tail_quantile: f64) -> Errors {
        let length = length.clamp(28, MOST);
        Errors { recent: VecDeque::new(), sorted: Vec::new(), length, deviations, tail_quantile }
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
        let tail = quantile(&self.sorted, self.tail_quantile)?;
        // The median absolute error, scaled as in `robust::spread`.
        let sigma = SCALE * middle(&self.sorted)?;
        let width = (self.deviations * sigma).max(TAIL * tail).max(FLOOR);
        Some(width * (1.0 + YOUTH / n as f64))
    }
}
