//! Small forecasters of the logarithm of a metric.

use serde::{Deserialize, Serialize};

use super::past::{Past, RECENT, SEASONS};
use super::robust::median;

/// A way to guess the next value from the past. All work on the log scale, so that their errors are ratios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The value before ("naïve": Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd edition, 5.2).
    Last,
    /// The value before plus the median of the recent steps (the drift method of 5.2, with a median): growing files.
    Drift,
    /// The median of the recent values.
    Level,
    /// The median of the last same slots (seasonal naïve of 5.2, with a median).
    Season,
    /// The value before plus the median step into this slot: a rhythm on a moving level.
    SeasonStep,
    /// The median of the last same slots, moved by what the last season's values differ from the ones before it.
    SeasonLevel,
    /// The median of the last same hours of the week; of hours alone.
    Week,
    /// The value before plus the median step into this hour of the week.
    WeekStep,
}

/// How many of the last values the latest level comes from.
const MOVES: usize = 7;
/// The same, where the newest value is not the one before.
const MOST_MOVES: usize = 24;

/// How many methods there are.
pub(super) const METHODS: usize = 8;

impl Method {
    /// At how many recent values it looks.
    pub(super) fn looks_at(self) -> usize {
        match self {
            Method::Last => 1,
            _ => RECENT,
        }
    }

    /// Whether it has a value of its own for each weekday (or hour of the day).
    pub(super) fn knows_slots(self) -> bool {
        !matches!(self, Method::Last | Method::Drift | Method::Level)
    }

    /// Whether it has a value of its own for each hour of the week.
    pub(super) fn knows_weeks(self) -> bool {
        matches!(self, Method::Week | Method::WeekStep)
    }

    /// Every method, simplest first: of equals the first is taken.
    pub(super) const ALL: [Method; METHODS] = [
        Method::Last,
        Method::Drift,
        Method::Level,
        Method::Season,
        Method::SeasonStep,
        Method::SeasonLevel,
        Method::Week,
        Method::WeekStep,
    ];
}

/// One forecaster's word on one partition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Forecast {
    /// How it guesses.
    pub(super) method: Method,
    /// What it expects, as a natural logarithm.
    pub(super) centre: f64,
    /// What it expects from the middle of the last round, where it goes by the value before and that is not there.
    pub(super) of_round: Option<f64>,
    /// Half the width of its band, as a natural logarithm.
    pub(super) width: f64,
    /// From how many of its own errors the width comes.
    pub(super) errors: usize,
    /// Whether it is good enough to be heard.
    pub(super) heard: bool,
}

impl Past {
    /// What each method expects of the period `index`; those of the longer rhythm are not here.
    pub(super) fn forecasts(&self, index: i64) -> [Option<f64>; METHODS] {
        let index = self.place(index);
        let mut recent = [0.0; RECENT + 1];
        let mut n = 0_usize;
        for (cell, (_, value)) in recent.iter_mut().zip(self.before(index)) {
            *cell = value;
            n += 1;
        }
        let last = (n > 0).then_some(recent[0]);
        let steps = |k: usize| {
            let k = k.min(n.saturating_sub(1));
            let mut steps = [0.0; RECENT];
            for i in 0..k {
                steps[i] = recent[i] - recent[i + 1];
            }
            median(&mut steps[..k])
        };
        let drift = if n >= 4 { steps(RECENT) } else { None };
        let mut level = recent;
        let level = median(&mut level[..n.min(RECENT)]);
        let (season, step) = self.of_slots(index);
        let moved = self.season_move(index, MOVES);
        let add = |a: Option<f64>, b: Option<f64>| Some(a? + b?);
        [last, add(last, drift), level, season, add(last, step), add(season, moved), None, None]
    }

    /// What the methods of the longer rhythm expect of the period `index`, by a past that has that rhythm.
    pub(super) fn of_week(&self, index: i64) -> (Option<f64>, Option<f64>) {
        let index = self.place(index);
        let (week, step) = self.of_slots(index);
        let last = self.before(index).next().map(|(_, value)| value);
        (week, last.zip(step).map(|(last, step)| last + step))
    }

    /// The median of the newest values of the slot of the period `index`.
    pub(super) fn slot(&self, index: i64) -> Option<f64> {
        self.of_slots(self.place(index)).0
    }

    /// What the methods that start from the newest value expect when they start from the middle of the last day of hours (or
    /// the last round) instead; where the period before has a value, nothing.
    ///
    /// The value before an alarm or an outage may itself have been a little odd, and for as long as that lasts there is no
    /// other one to start from.
    pub(super) fn of_round(&self, index: i64, round: usize) -> (Option<f64>, Option<f64>) {
        let index = self.place(index);
        if self.get(index - 1).is_some() {
            return (None, None);
        }
        let mut newest: Vec<f64> = self.before(index).take(round).map(|(_, value)| value).collect();
        let step = self.of_slots(index).0.zip(self.season_move(index, round)).map(|(season, by)| season + by);
        (median(&mut newest), step)
    }

    /// The median of the newest same slots, and the median of their steps from the value as far before each as the newest
    /// value is before this place.
    fn of_slots(&self, index: i64) -> (Option<f64>, Option<f64>) {
        let back = self.before(index).next().map_or(1, |(last, _)| index - last);
        let mut values = [0.0; SEASONS];
        let mut steps = [0.0; SEASONS];
        let (mut m, mut s) = (0, 0);
        for (at, value) in self.same_slot(index).take(SEASONS) {
            values[m] = value;
            m += 1;
            if let Some((_, before)) = self.before(at - back + 1).next() {
                steps[s] = value - before;
                s += 1;
            }
        }
        let middle = if m >= 2 { median(&mut values[..m]) } else { None };
        (middle, if s >= 2 { median(&mut steps[..s]) } else { None })
    }

    /// The median, over the last values, of how much each differs from the median of its own slot.
    fn season_move(&self, index: i64, values: usize) -> Option<f64> {
        let mut moves = [0.0; MOST_MOVES];
        let mut n = 0;
        for (at, value) in self.before(index).take(values.min(MOST_MOVES)) {
            let mut slots = [0.0; SEASONS];
            let mut m = 0;
            // The slots that the forecast of `index` looks at, as seen from `at`.
            for (cell, (_, v)) in slots.iter_mut().zip(self.same_slot(at)) {
                *cell = v;
                m += 1;
            }
            if m >= 2 {
                moves[n] = value - median(&mut slots[..m])?;
                n += 1;
            }
        }
        if n >= 4 { median(&mut moves[..n]) } else { None }
    }
}
