//! Simple forecasters for the logarithm of a metric.

use serde::{Deserialize, Serialize};

use super::past::{Past, RECENT, SEASONS};
use super::robust::median;

/// A method of predicting the next value from the past. All work on the log scale, so their errors are ratios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The previous value ("naïve": Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd edition,
    /// 5.2).
    Last,
    /// The previous value plus the median of the recent steps (the drift method of 5.2, with a median): for growing
    /// data.
    Drift,
    /// The median of the recent values.
    Level,
    /// The median of the last values of the same slot (seasonal naïve of 5.2, with a median).
    Season,
    /// The previous value plus the median step into this slot: a rhythm on a moving level.
    SeasonStep,
    /// The median of the last values of the same slot, plus the median difference of the last season's values from
    /// their slots.
    SeasonLevel,
    /// The median of the last values of the same hour of the week; only for hourly data.
    Week,
    /// The previous value plus the median step into this hour of the week.
    WeekStep,
}

/// How many of the last values the latest move of the level is computed from.
const MOVES: usize = 7;
/// The same, if the previous value is missing.
const MOST_MOVES: usize = 24;

/// How many methods there are.
pub(super) const METHODS: usize = 8;

impl Method {
    /// How many recent values it uses.
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

    /// Every method, simplest first: if several are equal, the first one is used.
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

/// One forecaster's expectation for one partition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Forecast {
    /// The method.
    pub(super) method: Method,
    /// What it expects, as a natural logarithm.
    pub(super) centre: f64,
    /// What it expects from the middle of the last round, if it starts from the previous value and that value is
    /// missing.
    pub(super) of_round: Option<f64>,
    /// Half the width of its band, as a natural logarithm.
    pub(super) width: f64,
    /// How many of its own errors the width is computed from.
    pub(super) errors: usize,
    /// Whether its band is narrow enough to be heard.
    pub(super) heard: bool,
}

impl Past {
    /// What each method expects for the period `index`, except the methods of the longer rhythm.
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

    /// What the methods of the longer rhythm expect for the period `index`. `self` must be a past with that rhythm.
    pub(super) fn of_week(&self, index: i64) -> (Option<f64>, Option<f64>) {
        let index = self.place(index);
        let (week, step) = self.of_slots(index);
        let last = self.before(index).next().map(|(_, value)| value);
        (week, last.zip(step).map(|(last, step)| last + step))
    }

    /// The median of the newest values in the slot of the period `index`.
    pub(super) fn slot(&self, index: i64) -> Option<f64> {
        self.of_slots(self.place(index)).0
    }

    /// What the methods that start from the previous value expect if they start from the middle of the last day of
    /// hours (or the last round) instead; `None` if the previous value exists.
    ///
    /// The value before an alarm or an outage may itself have been a little odd, and while that lasts there is no
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

    /// The median of the newest values of the same slot, and the median step into them. Each step starts from a value
    /// as far back as the newest value is from this place.
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
            // The values of that slot, as seen from `at`.
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
