//! Small forecasters on the log scale, and the choice between them.
//!
//! Each says what the next value is from the past alone. The one whose recent one-step errors were smallest speaks, and its own
//! errors say how wide the band is (a rolling-origin evaluation: Tashman 2000, "Out-of-sample tests of forecasting accuracy").

use super::robust::{median, quantile};
use crate::partition::{Cadence, Partition};

/// One value of the past that may teach, on the log scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Past {
    pub(super) partition: Partition,
    pub(super) log: f64,
}

/// A way to say what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// As the last one: random walks, cumulative files.
    Last,
    /// The middle of the last fourteen: noise around a level.
    Level,
    /// The middle of the last six of the same slot: weekdays, hours.
    Season,
    /// As the last one, and a typical step more: growing files.
    Drift,
    /// The last week's level, and what the slot usually differs from it: seasons on a moving level.
    SeasonOnLevel,
}

pub(super) const METHODS: [Method; 5] =
    [Method::Last, Method::Level, Method::Season, Method::Drift, Method::SeasonOnLevel];

/// How many values a level is taken over.
const LEVEL: usize = 14;
/// How many earlier partitions of the same slot make its season.
const SAME_SLOT: usize = 6;
/// A season must be seen this often.
const LEAST_SEASON: usize = 3;

impl Method {
    /// What the value of `next` should be, by the past alone, oldest first.
    pub(super) fn forecast(self, past: &[Past], next: Partition) -> Option<f64> {
        let last = past.last()?;
        match self {
            Method::Last => Some(last.log),
            Method::Level => level(past, LEVEL),
            Method::Season => {
                let same = same_slot(past, next);
                (same.len() >= LEAST_SEASON).then(|| median(&same)).flatten()
            }
            Method::Drift => {
                let recent = past.get(past.len().saturating_sub(LEVEL + 1)..)?;
                let steps: Vec<f64> =
                    recent.windows(2).filter_map(|w| Some(w.get(1)?.log - w.first()?.log)).collect();
                Some(last.log + median(&steps)?)
            }
            Method::SeasonOnLevel => {
                let differences = slot_differences(past, next);
                let usual = (differences.len() >= LEAST_SEASON).then(|| median(&differences)).flatten()?;
                Some(level(past, week(next.cadence()))? + usual)
            }
        }
    }

    /// What it goes by, to follow "from".
    pub(super) fn source(self, past: &[Past], next: Partition) -> String {
        let slot = slot_name(next);
        match self {
            Method::Last => "the one before".to_owned(),
            Method::Level => format!("the last {}", past.len().min(LEVEL)),
            Method::Season => format!("the last {} {slot}", same_slot(past, next).len()),
            Method::Drift => "the one before and its usual growth".to_owned(),
            Method::SeasonOnLevel => {
                format!("the last week and the last {} {slot}", same_slot(past, next).len())
            }
        }
    }
}

/// How many partitions make the round in which seasons repeat.
pub(super) fn week(cadence: Cadence) -> usize {
    match cadence {
        Cadence::Hourly => 24,
        Cadence::Daily => 7,
        Cadence::Weekly => 4,
        Cadence::Monthly => 12,
    }
}

fn level(past: &[Past], over: usize) -> Option<f64> {
    let recent: Vec<f64> = past.iter().rev().take(over).map(|p| p.log).collect();
    median(&recent)
}

fn same_slot(past: &[Past], next: Partition) -> Vec<f64> {
    past.iter().rev().filter(|p| slot(p.partition) == slot(next)).take(SAME_SLOT).map(|p| p.log).collect()
}

/// By how much partitions of the slot of `next` differed from the round before them.
fn slot_differences(past: &[Past], next: Partition) -> Vec<f64> {
    let round = week(next.cadence());
    let of_slot =
        (0..past.len()).rev().filter(|i| past.get(*i).is_some_and(|p| slot(p.partition) == slot(next)));
    of_slot
        .filter_map(|i| Some(past.get(i)?.log - level(past.get(i.saturating_sub(round)..i)?, round)?))
        .take(SAME_SLOT)
        .collect()
}

/// The slot of the season to which a partition belongs: its weekday, its hour, or nothing in particular.
pub(super) fn slot(partition: Partition) -> i8 {
    match partition.cadence() {
        Cadence::Hourly => partition.start().hour(),
        Cadence::Daily => partition.date().weekday().to_monday_zero_offset(),
        Cadence::Weekly | Cadence::Monthly => 0,
    }
}

/// The slot's name in the plural: `Mondays`, `days at 05`.
pub(super) fn slot_name(partition: Partition) -> String {
    match partition.cadence() {
        Cadence::Hourly => format!("days at {:02}h", partition.start().hour()),
        Cadence::Daily => format!("{}s", partition.date().strftime("%A")),
        Cadence::Weekly => "weeks".to_owned(),
        Cadence::Monthly => "months".to_owned(),
    }
}

/// The recent absolute errors of one method, as a ring.
#[derive(Clone, Debug, Default)]
pub(super) struct Errors {
    recent: Vec<f64>,
    next: usize,
}

/// How many errors are remembered.
const REMEMBERED: usize = 90;

impl Errors {
    pub(super) fn push(&mut self, error: f64) {
        if self.recent.len() < REMEMBERED {
            self.recent.push(error.abs());
        } else if let Some(oldest) = self.recent.get_mut(self.next) {
            *oldest = error.abs();
        }
        self.next = (self.next + 1) % REMEMBERED;
    }

    pub(super) fn len(&self) -> usize {
        self.recent.len()
    }

    /// The typical error: what decides between methods. Between the median and the tail, so that a method that is often
    /// right and sometimes far off does not win.
    pub(super) fn typical(&self) -> Option<f64> {
        Some((quantile(&self.recent, 0.5)? + quantile(&self.recent, 0.9)?) / 2.0)
    }

    /// The tail of the errors.
    pub(super) fn tail(&self, q: f64) -> Option<f64> {
        quantile(&self.recent, q)
    }
}
