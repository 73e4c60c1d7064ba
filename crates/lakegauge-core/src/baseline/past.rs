//! The recent past of one metric.

use super::robust::median;

/// How many earlier same slots (same weekday, same hour of the day) a forecaster looks at.
pub(super) const SEASONS: usize = 4;
/// How many recent values the level and the drift come from.
pub(super) const RECENT: usize = 14;

/// The recent past of a metric on the log scale, by period; periods without a usable value are `NaN`.
#[derive(Clone, Debug)]
pub(super) struct Past {
    ring: Vec<f64>,
    /// The index of the newest period written; `None` while empty.
    newest: Option<i64>,
    season: usize,
}

impl Past {
    /// `season` is the number of periods of the rhythm (7 of a daily dataset).
    pub(super) fn new(season: usize) -> Past {
        let length = (season * (SEASONS + 1) + 2).max(2 * RECENT + 2);
        Past { ring: vec![f64::NAN; length], newest: None, season }
    }

    fn cell(&self, index: i64) -> usize {
        index.rem_euclid(self.ring.len() as i64) as usize
    }

    /// The value of a period, if it is still remembered.
    pub(super) fn get(&self, index: i64) -> Option<f64> {
        let newest = self.newest?;
        if index > newest || index <= newest - self.ring.len() as i64 {
            return None;
        }
        self.ring.get(self.cell(index)).copied().filter(|v| !v.is_nan())
    }

    /// Writes the value of a period. A period too old to be remembered is dropped.
    pub(super) fn put(&mut self, index: i64, value: f64) {
        let length = self.ring.len() as i64;
        match self.newest {
            Some(newest) if index <= newest - length => return,
            Some(newest) if index > newest => {
                for skipped in (newest + 1).max(index - length + 1)..index {
                    let cell = self.cell(skipped);
                    self.ring[cell] = f64::NAN;
                }
                self.newest = Some(index);
            }
            Some(_) => {}
            None => self.newest = Some(index),
        }
        let cell = self.cell(index);
        self.ring[cell] = value;
    }

    /// Moves the whole past by `by`: a lasting change of level keeps the rhythm.
    pub(super) fn shift(&mut self, by: f64) {
        self.ring.iter_mut().for_each(|v| *v += by);
    }

    /// Moves every `round`th period of the past by `by`, those of `index`'s slot.
    pub(super) fn shift_slot(&mut self, index: i64, round: i64, by: f64) {
        let Some(newest) = self.newest else { return };
        for at in
            (newest - self.ring.len() as i64 + 1..=newest).filter(|at| (at - index).rem_euclid(round) == 0)
        {
            let cell = self.cell(at);
            self.ring[cell] += by;
        }
    }

    /// The values before `index`, newest first, with their periods.
    pub(super) fn before(&self, index: i64) -> impl Iterator<Item = (i64, f64)> {
        let newest = self.newest.unwrap_or(i64::MIN).min(index - 1);
        (0..self.ring.len() as i64).filter_map(move |back| {
            let at = newest.checked_sub(back)?;
            Some((at, self.get(at)?))
        })
    }

    /// The values of the same slot before `index`, newest first.
    pub(super) fn same_slot(&self, index: i64) -> impl Iterator<Item = (i64, f64)> {
        (1..=SEASONS as i64 + 1).filter_map(move |k| {
            let at = index - k * self.season as i64;
            Some((at, self.get(at)?))
        })
    }

    /// The lowest and the highest of the slots' medians.
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
