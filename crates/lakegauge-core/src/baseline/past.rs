//! The recent past of one metric, without values in alarm.

use super::robust::median;

/// How many earlier values of the same slot (same weekday, same hour of the day) a forecaster uses.
pub(super) const SEASONS: usize = 4;
/// How many recent values the level and the drift come from.
pub(super) const RECENT: usize = 14;

/// The recent past of a metric on the log scale, by place.
///
/// A place is the index of a period, minus the whole rounds that were left out. If nothing is written for more than a
/// round (an outage, or an alarm that continues), whole rounds are skipped, so that a feed that comes back after two
/// months is compared with the same weekdays (or hours) as before. Places without a usable value are `NaN`.
#[derive(Clone, Debug)]
pub(super) struct Past {
    ring: Vec<Cell>,
    /// The newest place written; `None` while empty.
    newest: Option<i64>,
    season: usize,
    /// The periods that were left out so far, a multiple of `season`.
    left_out: i64,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    value: f64,
    /// The period of the value.
    period: i64,
}

const EMPTY: Cell = Cell { value: f64::NAN, period: 0 };

impl Past {
    /// `season` is the number of periods of the rhythm (7 for a daily dataset).
    pub(super) fn new(season: usize) -> Past {
        let length = (season * (SEASONS + 1) + 2).max(2 * RECENT + 2);
        Past { ring: vec![EMPTY; length], newest: None, season, left_out: 0 }
    }

    /// The place of a period: at most one round after the newest.
    pub(super) fn place(&self, period: i64) -> i64 {
        let place = period - self.left_out;
        let season = self.season as i64;
        match self.newest {
            Some(newest) if place > newest => place - (place - newest - 1).div_euclid(season) * season,
            _ => place,
        }
    }

    fn cell(&self, place: i64) -> usize {
        place.rem_euclid(self.ring.len() as i64) as usize
    }

    fn read(&self, place: i64) -> Option<Cell> {
        let newest = self.newest?;
        if place > newest || place <= newest - self.ring.len() as i64 {
            return None;
        }
        self.ring.get(self.cell(place)).copied().filter(|cell| !cell.value.is_nan())
    }

    /// The value at a place, if it is still remembered.
    pub(super) fn get(&self, place: i64) -> Option<f64> {
        self.read(place).map(|cell| cell.value)
    }

    /// The period whose value is at a place.
    pub(super) fn period(&self, place: i64) -> Option<i64> {
        self.read(place).map(|cell| cell.period)
    }

    /// Writes the value of a period. A period too old to be remembered is dropped.
    pub(super) fn put(&mut self, period: i64, value: f64) {
        let length = self.ring.len() as i64;
        let place = self.place(period);
        match self.newest {
            Some(newest) if place <= newest - length => return,
            Some(newest) if place > newest => {
                for skipped in (newest + 1).max(place - length + 1)..place {
                    let cell = self.cell(skipped);
                    self.ring[cell] = EMPTY;
                }
                self.left_out = period - place;
                self.newest = Some(place);
            }
            Some(_) => {}
            None => self.newest = Some(place),
        }
        let cell = self.cell(place);
        self.ring[cell] = Cell { value, period };
    }

    /// Moves the whole past by `by`: a lasting change of level keeps the rhythm.
    pub(super) fn shift(&mut self, by: f64) {
        self.ring.iter_mut().for_each(|cell| cell.value += by);
    }

    /// Moves every `round`th period of the past by `by`: those in the slot of `period`.
    pub(super) fn shift_slot(&mut self, period: i64, round: i64, by: f64) {
        let of_slot = |cell: &&mut Cell| (cell.period - period).rem_euclid(round) == 0;
        self.ring.iter_mut().filter(of_slot).for_each(|cell| cell.value += by);
    }

    /// The values before a place, newest first, with their places.
    pub(super) fn before(&self, place: i64) -> impl Iterator<Item = (i64, f64)> {
        let newest = self.newest.unwrap_or(i64::MIN).min(place - 1);
        (0..self.ring.len() as i64).filter_map(move |back| {
            let at = newest.checked_sub(back)?;
            Some((at, self.get(at)?))
        })
    }

    /// The values of the same slot before a place, newest first.
    pub(super) fn same_slot(&self, place: i64) -> impl Iterator<Item = (i64, f64)> {
        (1..=SEASONS as i64 + 1).filter_map(move |k| {
            let at = place - k * self.season as i64;
            Some((at, self.get(at)?))
        })
    }

    /// The lowest and the highest of the medians of all slots.
    pub(super) fn rhythm(&self) -> Option<(f64, f64)> {
        let next = self.newest? + 1;
        let mut medians = (0..self.season as i64).filter_map(|back| {
            let mut slots = [0.0; SEASONS];
            let mut m = 0;
            for (cell, (_, v)) in slots.iter_mut().zip(self.same_slot(next + back)) {
                *cell = v;
                m += 1;
            }
            if m >= 2 { median(&mut slots[..m]) } else { None }
        });
        let first = medians.next()?;
        Some(medians.fold((first, first), |(low, high), v| (low.min(v), high.max(v))))
    }
}
