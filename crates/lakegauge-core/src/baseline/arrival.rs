//! When a partition should have landed.

use super::forecast::slot;
use super::robust::{median, quantile};
use crate::partition::{Cadence, Partition};

/// Landings that are kept.
const KEPT: usize = 60;
/// Landings before a deadline is stated.
const LEAST: usize = 7;
/// Landings of one weekday before it has a time of its own.
const OF_ONE_SLOT: usize = 4;
/// Landings in a row at a new time that move the schedule.
const MOVED: usize = 3;

/// The landing times of one dataset, as lags behind the period's start in seconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Arrival {
    recent: Vec<(Partition, f64)>,
}

impl Arrival {
    pub(super) fn note(&mut self, partition: Partition, lag: f64) {
        if self.recent.len() >= KEPT {
            self.recent.remove(0);
        }
        self.recent.push((partition, lag));
    }

    /// The deadline of `next` as a lag in seconds, and where it comes from; or why there is none.
    pub(super) fn deadline(&self, next: Partition) -> Result<(f64, String), String> {
        if self.recent.len() < LEAST {
            return Err(format!("{} landings are too few to learn a deadline from", self.recent.len()));
        }
        let lags: Vec<f64> = self.recent.iter().rev().take(28).map(|(_, lag)| *lag).collect();
        let period = next.cadence().nominal_seconds() as f64;
        let hour = 3_600.0;
        let middle = median(&lags).unwrap_or_default();
        let spread = quantile(&lags, 0.9).unwrap_or_default() - middle;
        let least = if next.cadence() == Cadence::Hourly { hour / 4.0 } else { hour };
        let slack = (least + 1.5 * spread).min(period * 0.22);
        // A weekday that usually lands later than the others has its own time.
        let own: Vec<f64> = self
            .recent
            .iter()
            .rev()
            .filter(|(p, _)| next.cadence() == Cadence::Daily && slot(*p) == slot(next))
            .take(OF_ONE_SLOT)
            .map(|(_, lag)| *lag)
            .collect();
        let own = if own.len() >= OF_ONE_SLOT { median(&own).unwrap_or(middle) } else { middle };
        // A schedule that moved shows in the last few landings, all of them.
        let newest: Vec<f64> = lags.iter().take(MOVED).copied().collect();
        let moved = newest.iter().copied().fold(f64::INFINITY, f64::min);
        let centre = middle.max(own).max(moved);
        if spread > period {
            return Err("landing times vary by more than a period: no deadline can be learnt".to_owned());
        }
        Ok((centre + slack, format!("learned from the last {} landings", lags.len())))
    }
}
