//! How wrong a forecaster was lately, and the band that follows from it.

use super::robust::{quantile, spread};

/// The least half-width of a band, as a logarithm: ±13 %.
pub(super) const FLOOR: f64 = 0.12;
/// Half-width in standard deviations of the forecaster's own recent errors.
pub(super) const DEVIATIONS: f64 = 3.0;
/// Half-width in 95 % quantiles of the forecaster's own recent errors.
pub(super) const TAIL: f64 = 1.25;
/// Which quantile.
pub(super) const TAIL_QUANTILE: f64 = 0.95;
/// A band of n errors is wider by this share of 1/n.
pub(super) const YOUTH: f64 = 3.0;
/// Errors before which a forecaster is not heard.
pub(super) const YOUNG: usize = 4;
/// The most errors that are remembered: a week of hours.
const MOST: usize = 168;

/// The recent absolute errors of one forecaster.
#[derive(Clone, Debug)]
pub(super) struct Errors {
    ring: Vec<f64>,
    seen: usize,
}

impl Errors {
    pub(super) fn new(length: usize) -> Errors {
        Errors { ring: vec![0.0; length.clamp(28, MOST)], seen: 0 }
    }

    pub(super) fn push(&mut self, error: f64) {
        let at = self.seen % self.ring.len();
        self.ring[at] = error;
        self.seen += 1;
    }

    pub(super) fn count(&self) -> usize {
        self.seen.min(self.ring.len())
    }

    /// In no particular order.
    pub(super) fn all(&self) -> Vec<f64> {
        self.ring.iter().take(self.count()).copied().collect()
    }

    pub(super) fn width(&self) -> Option<f64> {
        let n = self.count();
        if n < YOUNG {
            return None;
        }
        let mut sample = [0.0; MOST];
        let sample = &mut sample[..n];
        sample.copy_from_slice(&self.ring[..n]);
        let tail = quantile(sample, TAIL_QUANTILE)?;
        let sigma = spread(sample, 0.0)?;
        let width = (DEVIATIONS * sigma).max(TAIL * tail).max(FLOOR);
        Some(width * (1.0 + YOUTH / n as f64))
    }
}
