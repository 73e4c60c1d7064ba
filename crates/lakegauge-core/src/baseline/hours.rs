//! How one hour of the day differs from the others.
//!
//! All hours of a day share the errors of their forecasters, but the hours of the night vary more than those of the
//! afternoon.

use std::collections::VecDeque;

use super::past::Past;
use super::rhythm::round;
use super::robust::quantile;
use super::slots::Slots;
use super::stretch::Stretch;
use crate::partition::Cadence;

/// How many times wider an hour's band is than the [`TAIL_QUANTILE`] of its distances.
const TAIL: f64 = 1.35;
const TAIL_QUANTILE: f64 = 0.95;
/// How many occasions of an hour its wildness is computed from.
const RECENT: usize = 28;
/// With fewer occasions than this, an hour counts as like the others.
const YOUNG: usize = 7;
/// From this many occasions in alarm on, each cleared within a day, they count as usual.
const BELIEVED: usize = 3;

/// What is remembered by hour: the usual values by hour of the week, how much each hour of the day varies, and the last
/// day as a whole.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    pub(super) weeks: Past,
    /// Values outside the band, by hour of the week.
    pub(super) outside: Slots,
    pub(super) stretch: Stretch,
    day: Vec<VecDeque<Far>>,
}

/// How far a value was from what was expected, in half-widths of the band that all hours share.
#[derive(Clone, Copy, Debug)]
struct Far {
    by: f64,
    /// The first partition of the alarm that it belongs to; `None` if it was not in alarm.
    alarmed: Option<i64>,
}

impl Hours {
    pub(super) fn new() -> Hours {
        let season = round(Cadence::Hourly);
        Hours {
            weeks: Past::new(7 * season),
            outside: Slots::new(7 * season),
            stretch: Stretch::default(),
            day: vec![VecDeque::new(); season],
        }
    }

    fn place(&self, index: i64) -> usize {
        index.rem_euclid(self.day.len() as i64) as usize
    }

    /// How many times wider this hour's band is than the band of all hours, from the 95 % quantile of its distances.
    /// Values in alarm count from the third occasion on: then it is the hour that varies.
    pub(super) fn wildness(&self, index: i64) -> f64 {
        let Some(hour) = self.day.get(self.place(index)) else { return 1.0 };
        let believed = hour.iter().filter(|far| far.alarmed.is_some()).count() >= BELIEVED;
        let counts = |far: &&Far| believed || far.alarmed.is_none();
        let mut far: Vec<f64> = hour.iter().filter(counts).map(|far| far.by).collect();
        if far.len() < YOUNG {
            return 1.0;
        }
        far.sort_by(f64::total_cmp);
        quantile(&far, TAIL_QUANTILE).map_or(1.0, |q| (TAIL * q).max(1.0))
    }

    /// Learns how far a value was, capped at the edge of its band, so that a wild day widens it only a little.
    /// `alarmed` is the first partition of the alarm that it belongs to. An alarm that lasts a whole day says nothing
    /// about one hour.
    pub(super) fn learn(&mut self, index: i64, far: f64, alarmed: Option<i64>) {
        let by = far.min(self.wildness(index));
        let place = self.place(index);
        let Some(hour) = self.day.get_mut(place) else { return };
        if alarmed.is_some() && hour.iter().any(|far| far.alarmed == alarmed) {
            hour.retain(|far| far.alarmed != alarmed);
            return;
        }
        hour.push_back(Far { by, alarmed });
        if hour.len() > RECENT {
            hour.pop_front();
        }
    }
}
