//! What one hour of the day does differently from the others.
//!
//! The hours of a day share the errors of their forecasters, but the small hours of a night are wilder than those of an
//! afternoon, and one job of twenty-four can change for good while the others go on.

use std::collections::VecDeque;

use super::errors::{TAIL, TAIL_QUANTILE};
use super::past::Past;
use super::rhythm::round;
use super::robust::quantile;
use crate::partition::Cadence;

/// Occasions of one hour that its wildness comes from.
const RECENT: usize = 28;
/// Occasions before which an hour is taken to be like the others.
const YOUNG: usize = 7;

/// The memory of hours: the values as they came by the hour of the week, and each hour of the day by itself.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    pub(super) weeks: Past,
    day: Vec<Hour>,
}

/// One hour of the day.
#[derive(Clone, Debug, Default)]
struct Hour {
    /// How far the last values were from what was expected, in half-widths of the band that all hours share.
    far: VecDeque<f64>,
    /// The last values outside of the band, none inside since: period, value, distance from the middle.
    outside: Vec<(i64, f64, f64)>,
}

impl Hours {
    pub(super) fn new() -> Hours {
        let season = round(Cadence::Hourly);
        Hours { weeks: Past::new(7 * season), day: vec![Hour::default(); season] }
    }

    fn place(&self, index: i64) -> usize {
        index.rem_euclid(self.day.len() as i64) as usize
    }

    /// How many times wider the band of this hour is than that of all: by the 95 % quantile of how far its values were.
    pub(super) fn wildness(&self, index: i64) -> f64 {
        let Some(hour) = self.day.get(self.place(index)).filter(|hour| hour.far.len() >= YOUNG) else {
            return 1.0;
        };
        let mut far: Vec<f64> = hour.far.iter().copied().collect();
        far.sort_by(f64::total_cmp);
        quantile(&far, TAIL_QUANTILE).map_or(1.0, |q| (TAIL * q).max(1.0))
    }

    /// Learns how far a value was, cut at the edge of its band, so that a wild day widens it a little and never breaks it.
    pub(super) fn learn(&mut self, index: i64, far: f64) {
        let cut = far.min(self.wildness(index));
        let place = self.place(index);
        if let Some(hour) = self.day.get_mut(place) {
            hour.far.push_back(cut);
            if hour.far.len() > RECENT {
                hour.far.pop_front();
            }
        }
    }

    /// The distances of this hour's last values outside of the band, oldest first, none inside since.
    pub(super) fn outside(&self, index: i64) -> &[(i64, f64, f64)] {
        self.day.get(self.place(index)).map_or(&[], |hour| hour.outside.as_slice())
    }

    /// Notes a value outside of the band.
    pub(super) fn note(&mut self, outside: (i64, f64, f64)) {
        let place = self.place(outside.0);
        if let Some(hour) = self.day.get_mut(place) {
            hour.outside.push(outside);
        }
    }

    /// A value of this hour was inside, or its level is known again.
    pub(super) fn take(&mut self, index: i64) -> Vec<(i64, f64, f64)> {
        let place = self.place(index);
        self.day.get_mut(place).map(|hour| std::mem::take(&mut hour.outside)).unwrap_or_default()
    }

    /// All hours have moved to a new level.
    pub(super) fn forget_outside(&mut self) {
        self.day.iter_mut().for_each(|hour| hour.outside.clear());
    }
}
