//! What history expects of one metric.
//!
//! Several simple forecasters predict the next value on the log scale; the band of each comes from its own recent
//! errors (a rolling-origin evaluation: Tashman 2000, "Out-of-sample tests of forecasting accuracy"). Those whose
//! bands are nearly as narrow as the narrowest are heard, and a value is outside only if none of them expects it.

use super::band::{Finding, HEARD, LogBand};
use super::breach::Breach;
use super::constant::{Constant, HAIR};
use super::errors::{Errors, Width};
use super::forecast::{Forecast, METHODS, Method};
use super::hours::Hours;
use super::month::MonthDays;
use super::past::Past;
use super::rhythm::round;
use super::slots::{Note, Slots};
use crate::metric::{Metric, Unit};
use crate::partition::Cadence;

/// How far below the middle a holiday may be, as a logarithm: 64 %.
const HOLIDAY: f64 = -0.45;

/// Within how many periods a return to the level before a change is recognised. For hourly data a week, since
/// holidays are over by then.
fn return_within(cadence: Cadence) -> i64 {
    if cadence == Cadence::Hourly { 7 * 24 } else { 14 }
}

/// Before this many values, the third one on one side is the new level at once: the first rounds have no level yet.
fn first_round(cadence: Cadence) -> u64 {
    match cadence {
        Cadence::Hourly => 48,
        Cadence::Daily => 7,
        Cadence::Weekly | Cadence::Monthly => 0,
    }
}

/// Before this many values, the known level is too young to last: two weeks of another level replace it.
fn young(cadence: Cadence) -> u64 {
    match cadence {
        Cadence::Hourly => 168,
        Cadence::Daily => 14,
        Cadence::Weekly => 8,
        Cadence::Monthly => 6,
    }
}

/// The learned past of one metric of one dataset.
#[derive(Clone, Debug)]
pub(super) struct Volume {
    pub(super) cadence: Cadence,
    /// Whether the values depend on how the data is laid out rather than on how much there is; false for rows.
    laid_out: bool,
    /// Whether the values are in bytes.
    sized: bool,
    /// The values that were not in alarm.
    pub(super) past: Past,
    /// For hourly data, what is known by the hour.
    pub(super) hours: Option<Hours>,
    pub(super) errors: [Errors; METHODS],
    /// How the days of the month differ.
    pub(super) month: MonthDays,
    /// How many values above zero were seen.
    pub(super) filled: u64,
    pub(super) constant: Constant,
    /// The last consecutive values outside their bands.
    pub(super) breach: Option<Breach>,
    /// Values outside, by weekday or hour of the day.
    pub(super) slots: Slots,
    /// The last change of level.
    pub(super) moved: Option<Moved>,
}

/// A change of level that was accepted as normal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moved {
    /// The period at which it was accepted.
    pub(super) index: i64,
    /// By how much, as a logarithm.
    pub(super) by: f64,
    /// Whether the hours of the week moved, too.
    pub(super) lasts: bool,
}

/// A value of a partition, with its band.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub(super) index: i64,
    pub(super) value: f64,
    pub(super) band: Option<&'a LogBand>,
    pub(super) finding: Finding,
    pub(super) alarmed: bool,
}

impl Volume {
    pub(super) fn new(cadence: Cadence, metric: Metric) -> Volume {
        let season = round(cadence);
        let errors = std::array::from_fn(|_| Errors::new(8 * season, Width::of(cadence)));
        Volume {
            cadence,
            laid_out: metric.unit() == Unit::Count && metric != Metric::RowCount,
            sized: metric.unit() == Unit::Bytes,
            past: Past::new(season),
            hours: (cadence == Cadence::Hourly).then(Hours::new),
            errors,
            month: MonthDays::default(),
            filled: 0,
            constant: Constant::default(),
            breach: None,
            slots: Slots::new(season),
            moved: None,
        }
    }

    /// For hourly data, the values by the hour of the week.
    pub(super) fn weeks(&self) -> Option<&Past> {
        self.hours.as_ref().map(|hours| &hours.weeks)
    }

    /// A forecaster's recent absolute errors.
    pub(super) fn errors_of(&self, method: Method) -> Vec<f64> {
        let place = Method::ALL.iter().position(|m| *m == method);
        place.and_then(|i| self.errors.get(i)).map_or_else(Vec::new, Errors::all)
    }

    /// Whether there are so few values that every third one on one side is the new level.
    pub(super) fn is_new(&self) -> bool {
        self.filled < first_round(self.cadence)
    }

    pub(super) fn is_young(&self) -> bool {
        self.filled < young(self.cadence)
    }

    /// What each method expects for the period `index`.
    pub(super) fn centres(&self, index: i64) -> [Option<f64>; METHODS] {
        let mut centres = self.past.forecasts(index);
        if let (Some(weeks), [.., week, step]) = (self.weeks(), &mut centres) {
            (*week, *step) = weeks.of_week(index);
        }
        centres
    }

    /// What each method that starts from the previous value expects if that value is missing.
    fn of_round(&self, index: i64) -> [Option<f64>; METHODS] {
        let round = round(self.cadence);
        let (last, season_step) = self.past.of_round(index, round);
        let week_step = self.weeks().and_then(|weeks| weeks.of_round(index, round).1);
        Method::ALL.map(|method| match method {
            Method::Last => last,
            Method::SeasonStep => season_step,
            Method::WeekStep => week_step,
            _ => None,
        })
    }

    /// The band of the period `index`; `None` while there are too few days.
    pub(super) fn band(&self, index: i64) -> Option<LogBand> {
        let (centres, of_round) = (self.centres(index), self.of_round(index));
        let mut forecasts = Vec::with_capacity(METHODS);
        for (((method, centre), of_round), errors) in
            Method::ALL.into_iter().zip(centres).zip(of_round).zip(&self.errors)
        {
            if let (Some(centre), Some(width)) = (centre, errors.width()) {
                let errors = errors.count();
                forecasts.push(Forecast { method, centre, of_round, width, errors, heard: false });
            }
        }
        let best = forecasts.iter().map(|f| f.width).min_by(f64::total_cmp)?;
        let wildness = self.hours.as_ref().map_or(1.0, |hours| hours.wildness(index));
        let width = best * wildness;
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for f in &mut forecasts {
            f.heard = f.width <= HEARD * best;
            if f.heard {
                let of_round = f.of_round.unwrap_or(f.centre);
                low = low.min(f.centre.min(of_round) - width);
                high = high.max(f.centre.max(of_round) + width);
            }
        }
        let constant = self.constant.known(self.cadence).filter(|_| self.laid_out);
        if let Some((number, _)) = constant {
            (low, high) = (number - HAIR, number + HAIR);
        }
        let constant = constant.map(|(_, run)| run);
        Some(LogBand { low, high, forecasts, effect: 0.0, wildness, constant, centres })
    }

    /// The value that all of the last fourteen partitions had; `None` if they differ or are fewer than four.
    pub(super) fn steady(&self, index: i64) -> Option<f64> {
        let mut recent = self.past.before(self.past.place(index)).take(14).map(|(_, v)| v);
        let first = recent.next()?;
        let mut n = 1;
        for v in recent {
            if (v - first).abs() > 1e-9 {
                return None;
            }
            n += 1;
        }
        (n >= 4).then(|| first.exp().round())
    }

    /// The newest value before the period `index`.
    pub(super) fn last(&self, index: i64) -> Option<f64> {
        self.past.before(self.past.place(index)).next().map(|(_, value)| value.exp())
    }

    /// Compares a value with its band, and for hourly data the day that ends with it.
    pub(super) fn compare(&self, index: i64, value: f64, band: Option<&LogBand>) -> Finding {
        let alone = self.compare_alone(index, value, band);
        self.with_its_day(index, value, band, alone)
    }

    fn compare_alone(&self, index: i64, value: f64, band: Option<&LogBand>) -> Finding {
        if value <= 0.0 {
            return Finding::Empty;
        }
        let Some(band) = band else { return Finding::Unknown };
        let x = value.ln() - band.effect;
        if band.holds(x) || self.sized && band.is_near(value) {
            return Finding::Inside;
        }
        if let Some(moved) = self.moved
            && index - moved.index <= return_within(self.cadence)
            && band.holds(x + moved.by)
        {
            return Finding::OldLevel(-moved.by);
        }
        let distance = x - band.middle();
        let holiday = distance > HOLIDAY && self.low_day().is_some_and(|lowest| x >= lowest);
        if distance < 0.0 && holiday && self.continuing(true, false).is_none() {
            return Finding::LikeLowDay;
        }
        if self.is_odd_hour(distance, band) { Finding::OddHour } else { Finding::Outside }
    }

    /// The first partition of the alarm on this side that includes the last partition. The first empty partition is
    /// worse than a small one: it raises an alarm of its own.
    pub(super) fn continuing(&self, low: bool, empty: bool) -> Option<i64> {
        let breach = self.breach.as_ref().filter(|breach| breach.low == low);
        if empty {
            return breach?.empty_since;
        }
        let of_day = self.hours.as_ref().and_then(|hours| hours.stretch.since(low));
        of_day.into_iter().chain(breach.and_then(|breach| breach.since)).min()
    }

    /// How a value outside its band is classified, given the values before it: the third of its weekday, the third
    /// without an alarm, or the end of two weeks.
    pub(super) fn settle_on(&self, seen: &Seen<'_>) -> Finding {
        let finding = seen.finding;
        if let Finding::OddDay(by) = finding {
            return self.settle_on_day(seen.index, by);
        }
        let Some(band) = seen.band.filter(|_| finding.is_outside()) else { return finding };
        let distance = band.distance(seen.value);
        let low = distance < 0.0;
        let same = |breach: &&Breach| breach.low == low && (seen.alarmed || breach.since.is_none());
        let breach = self.breach.as_ref().filter(same);
        let peaceful = matches!(finding, Finding::OtherMetricFine(_)) && !seen.alarmed;
        if let Some(by) = breach.and_then(|breach| breach.level(distance))
            && (peaceful || self.is_new())
        {
            return Finding::NewLevel(by);
        }
        let first = breach.map_or(seen.index, |breach| breach.first);
        let note = Note { index: seen.index, value: band.middle() + distance, distance, first };
        if let Some(by) = self.slots.third(&note) {
            return Finding::NewSlot(by);
        }
        if let Some(by) = self.hours.as_ref().and_then(|hours| hours.outside.third(&note)) {
            return Finding::NewHourOfWeek(by);
        }
        match breach.and_then(|breach| breach.held(seen.index, distance, self.cadence)) {
            Some(by) => Finding::Held(by),
            None => finding,
        }
    }

    /// How low a holiday may be: as far below the lowest slot of the rhythm as that slot is below the highest.
    /// Without a rhythm, there are no holidays.
    pub(super) fn low_day(&self) -> Option<f64> {
        let (lowest, highest) = self.past.rhythm()?;
        Some(lowest - (highest - lowest))
    }
}
