//! What a band was learned from: in numbers while a past is replayed, in words when somebody reads them.

use std::fmt;

use serde::{Serialize, Serializer};

use super::band::LogBand;
use super::forecast::Method;
use super::month::MonthDay;
use super::past::{Past, SEASONS};
use super::volume::Volume;
use super::words::{hour, hours_of_week, period, slot};
use crate::partition::{Cadence, Partition};
use crate::quantity;

/// What a band was learned from. It displays as `the last 4 Mondays`; a replay has several for each partition of the
/// past, and few are read.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    of: Partition,
    basis: Basis,
    month: Option<OfMonth>,
}

#[derive(Clone, Debug, PartialEq)]
enum Basis {
    /// The same number for a while.
    Always { number: f64, run: u64 },
    /// A forecaster, from earlier values.
    Forecast(Method, Values),
    /// The highest of earlier values.
    Most { values: usize, high: f64 },
    /// This.
    Said(&'static str),
}

/// The values that a forecaster uses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Values {
    /// Of the same slot.
    same: usize,
    /// In a row.
    recent: usize,
    /// How many periods ago the newest one was.
    newest: i64,
    /// The same without the periods that rest.
    step: i64,
}

/// What the day of the month adds, as a logarithm, and the number of months that show it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct OfMonth {
    day: MonthDay,
    by: f64,
    months: usize,
}

impl Source {
    /// That of a band for `of`, whose period is `index`.
    pub(super) fn of_band(band: &LogBand, volume: &Volume, index: i64, of: Partition) -> Source {
        let basis = match (band.constant, band.best()) {
            (Some(run), _) => Basis::Always { number: band.middle().exp().round(), run },
            (None, Some(best)) => of_method(best.method, volume, index),
            (None, None) => Basis::Said(""),
        };
        let month = volume.month.effect(of).map(|(day, by, known)| OfMonth { day, by, months: known.len() });
        Source { of, basis, month }
    }

    /// The highest of that many values.
    pub(crate) fn most(of: Partition, values: usize, high: f64) -> Source {
        Source { of, basis: Basis::Most { values, high }, month: None }
    }

    /// In these words.
    pub(crate) fn said(of: Partition, words: &'static str) -> Source {
        Source { of, basis: Basis::Said(words), month: None }
    }
}

fn of_method(method: Method, volume: &Volume, index: i64) -> Basis {
    let values = |past: &Past| {
        let place = past.place(index);
        let newest = past.before(place).next().map(|(newest, _)| newest);
        Values {
            same: past.same_slot(place).take(SEASONS).count(),
            recent: past.before(place).take(method.looks_at()).count(),
            newest: newest.and_then(|newest| past.period(newest)).map_or(1, |newest| index - newest),
            step: newest.map_or(1, |newest| place - newest),
        }
    };
    match (method, volume.weeks()) {
        (Method::Week | Method::WeekStep, Some(weeks)) => Basis::Forecast(method, values(weeks)),
        (Method::Week | Method::WeekStep, None) => Basis::Said(""),
        _ => Basis::Forecast(method, values(&volume.past)),
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.basis {
            Basis::Always { number, run } => {
                let period = period(self.of.cadence());
                write!(f, "always {} in the last {run} {period}s", quantity::count(number))?;
            }
            Basis::Forecast(method, values) => forecast(f, self.of, method, values)?,
            Basis::Most { values, high } if high > 0.0 => {
                write!(f, "the most of the last {values} partitions")?
            }
            Basis::Most { values, .. } => write!(f, "none in the last {values} partitions")?,
            Basis::Said(words) => f.write_str(words)?,
        }
        let Some(OfMonth { day, by, months }) = self.month else { return Ok(()) };
        let sign = if by < 0.0 { '−' } else { '+' };
        let by = quantity::percent(by.exp_m1().abs());
        write!(f, ", {sign}{by} as on the last {months} {}", day.plural())
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn forecast(f: &mut fmt::Formatter<'_>, of: Partition, method: Method, values: Values) -> fmt::Result {
    let Values { same, recent, newest, step } = values;
    let (periods, previous) = (period(of.cadence()), previous(of, newest));
    match method {
        Method::Last => f.write_str(&previous),
        Method::Drift => write!(f, "{previous} plus the usual step of the last {recent} {periods}s"),
        Method::Level => write!(f, "the last {recent} {periods}s"),
        Method::Season => write!(f, "the last {same} {}", slot(of)),
        Method::SeasonStep => write!(f, "{previous}, adjusted by the {}", change(of, step)),
        Method::SeasonLevel => write!(f, "the last {same} {}, adjusted to the latest level", slot(of)),
        Method::Week => write!(f, "the last {same} {}", hours_of_week(of)),
        Method::WeekStep => {
            write!(f, "{previous}, adjusted by the {} on {}", change(of, step), of.date().strftime("%a"))
        }
    }
}

/// The partition of the newest value before `of`: `previous hour`, or the partition's name if it is older.
fn previous(of: Partition, periods_ago: i64) -> String {
    match periods_ago {
        2.. => of.offset(-periods_ago).to_string(),
        _ => format!("previous {}", period(of.cadence())),
    }
}

/// The usual change from the newest earlier value to this slot: `usual 06→07h change`, `usual Sun→Mon change`.
fn change(of: Partition, step: i64) -> String {
    let from = of.offset(-step);
    let (from, to) = match of.cadence() {
        Cadence::Hourly => (format!("{:02}", from.start().hour()), hour(of)),
        Cadence::Daily => (from.date().strftime("%a").to_string(), of.date().strftime("%a").to_string()),
        Cadence::Weekly => return "usual change into this week of a round of four".to_owned(),
        Cadence::Monthly => (from.date().strftime("%b").to_string(), of.date().strftime("%b").to_string()),
    };
    format!("usual {from}→{to} change")
}
