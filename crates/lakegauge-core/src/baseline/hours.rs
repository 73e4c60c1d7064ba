//! What one hour of the day does differently from the others.
//!
//! The hours of a day share the errors of their forecasters, but the small hours of a night are wilder than those of an
//! afternoon.

use std::collections::VecDeque;

use super::past::Past;
use super::rhythm::round;
use super::robust::quantile;
use super::slots::Slots;
use crate::partition::Cadence;

/// How many times wider than the [`TAIL_QUANTILE`] of how far its values were the band of an hour is.
const TAIL: f64 = 1.35;
const TAIL_QUANTILE: f64 = 0.95;
/// Occasions of one hour that its wildness comes from.
const RECENT: usize = 28;
/// Occasions before which an hour is taken to be like the others.
const YOUNG: usize = 7;
/// Occasions in alarm, each of which was over within a day, from which on they count.
const BELIEVED: usize = 3;

/// The memory of hours: the usual values by the hour of the week, and how wild each hour of the day is.
#[derive(Clone, Debug)]
pub(super) struct Hours {
    pub(super) weeks: Past,
    /// What was outside of the band, by the hour of the week.
    pub(super) outside: Slots,
    day: Vec<VecDeque<Far>>,
}

/// How far a value was from what was expected, in half-widths of the band that all hours share.
#[derive(Clone, Copy, Debug)]
struct Far {
    by: f64,
    /// The first of the partitions in alarm that it was in a row with; `None` where it was in none.
    alarmed: Option<i64>,
}

impl Hours {
    pub(super) fn new() -> Hours {
        let season = round(Cadence::Hourly);
        Hours {
            weeks: Past::new(7 * season),
            outside: Slots::new(7 * season),
            day: vec![VecDeque::new(); season],
        }
    }

    fn place(&self, index: i64) -> usize {
        index.rem_euclid(self.day.len() as i64) as usize
    }

    /// How many times wider the band of this hour is than that of all: by the 95 % quantile of how far its values were. What
    /// was in alarm counts from the third occasion on: then it is the hour that is wild.
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

    /// Learns how far a value was, cut at the edge of its band, so that a wild day widens it a little and never breaks it.
    /// `alarmed`: the first partition of the alarm that it belongs to. An alarm that goes on for a day says nothing of an hour.
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
