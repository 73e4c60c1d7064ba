//! What history expects of one metric.
//!
//! Several small forecasters guess the next value on the log scale; each has the band of its own recent errors
//! (a rolling-origin evaluation: Tashman 2000, "Out-of-sample tests of forecasting accuracy"). Those whose bands are nearly
//! as narrow as the narrowest are heard, and a value is outside only when none of them expects it.

use super::errors::{Errors, TAIL_QUANTILE, TAIL_QUANTILE_OF_HOURS};
use super::fact::Lesson;
use super::forecast::{Forecast, METHODS, Method};
use super::hours::Hours;
use super::month::MonthDays;
use super::past::Past;
use super::rhythm::round;
use super::robust::median;
use crate::metric::Metric;
use crate::partition::Cadence;

/// A forecaster is heard when its band is at most this much wider than the narrowest.
pub(super) const HEARD: f64 = 1.5;
/// Half-width in standard deviations of the forecaster's own recent errors. Of hours there are twenty-four chances a day to be
/// wrong.
pub(super) fn deviations(cadence: Cadence) -> f64 {
    if cadence == Cadence::Hourly { 4.0 } else { 3.0 }
}

/// Which quantile of the forecaster's own recent errors the half-width is a multiple of, at least.
pub(super) fn tail_quantile(cadence: Cadence) -> f64 {
    if cadence == Cadence::Hourly { TAIL_QUANTILE_OF_HOURS } else { TAIL_QUANTILE }
}

/// How far below the middle a holiday may be, as a logarithm: 60 %.
const HOLIDAY: f64 = -0.5;
/// Periods within which a return to the level before a change is known again; of hours a week, as holidays are over by then.
fn return_within(cadence: Cadence) -> i64 {
    if cadence == Cadence::Hourly { 7 * 24 } else { 14 }
}
/// Days on one side of the band after which the new level is taken as normal.
const SETTLED: usize = 3;

/// A band on the log scale: no forecaster that is heard expects the value outside of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LogBand {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) forecasts: Vec<Forecast>,
    /// By how much the day of the month moves the band; the edges and the forecasts are those of an ordinary day.
    pub(super) effect: f64,
    /// How many times wider this hour's band is than that of all hours.
    pub(super) wildness: f64,
    /// What each method expects, whether it has a record of its own or not.
    centres: [Option<f64>; METHODS],
}

/// What a value is, beside its band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Finding {
    /// Nothing is expected yet.
    Unknown,
    /// Inside.
    Inside,
    /// Outside, but like the usual low days: a holiday.
    LikeLowDay,
    /// Outside for the third time on one side: taken as the new level from here on.
    NewLevel(f64),
    /// Of hours, outside for the third time at this hour of the day: taken as the new level of this hour.
    NewHour(f64),
    /// Outside, back at the level before the last change.
    OldLevel(f64),
    /// Outside.
    Outside,
    /// Outside, while another metric that tells the same is inside.
    OtherMetricFine(Metric),
    /// Zero or less.
    Empty,
}

impl LogBand {
    pub(super) fn middle(&self) -> f64 {
        (self.low + self.high) / 2.0
    }

    /// How far a value is from the middle.
    pub(super) fn distance(&self, value: f64) -> f64 {
        value.ln() - self.effect - self.middle()
    }

    /// How far a logarithm is from the nearest forecaster that is heard, in half-widths of the narrowest band.
    fn far(&self, x: f64) -> Option<f64> {
        let heard = self.forecasts.iter().filter(|f| f.heard);
        let nearest = heard.map(|f| (x - f.centre).abs()).min_by(f64::total_cmp)?;
        self.best().map(|best| nearest / best.width)
    }

    /// The forecaster with the narrowest band, of equals the simplest.
    pub(super) fn best(&self) -> Option<&Forecast> {
        self.forecasts.iter().min_by(|a, b| a.width.total_cmp(&b.width))
    }
}

/// The learned past of one metric of one dataset.
#[derive(Clone, Debug)]
pub(super) struct Volume {
    pub(super) past: Past,
    /// Of hours, what is told by the hour.
    hours: Option<Hours>,
    /// Periods within which a level may return.
    return_within: i64,
    errors: [Errors; METHODS],
    /// What the days of a month differ by.
    pub(super) month: MonthDays,
    /// Values above zero that were seen.
    pub(super) filled: u64,
    /// The last values outside of the band, none inside since: period, value, distance from the middle.
    outside: Vec<(i64, f64, f64)>,
    /// The last change of level, and the period in which it was accepted.
    moved: Option<(i64, f64)>,
}

impl Volume {
    pub(super) fn new(cadence: Cadence) -> Volume {
        let season = round(cadence);
        let hours = (cadence == Cadence::Hourly).then(Hours::new);
        let errors =
            std::array::from_fn(|_| Errors::new(8 * season, deviations(cadence), tail_quantile(cadence)));
        Volume {
            past: Past::new(season),
            hours,
            return_within: return_within(cadence),
            errors,
            month: MonthDays::default(),
            filled: 0,
            outside: Vec::new(),
            moved: None,
        }
    }

    /// Of hours, the values by the hour of the week.
    pub(super) fn weeks(&self) -> Option<&Past> {
        self.hours.as_ref().map(|hours| &hours.weeks)
    }

    /// A forecaster's recent absolute errors.
    pub(super) fn errors_of(&self, method: Method) -> Vec<f64> {
        let place = Method::ALL.iter().position(|m| *m == method);
        place.and_then(|i| self.errors.get(i)).map_or_else(Vec::new, Errors::all)
    }

    /// The last values outside of the band: period, value, distance from the middle.
    pub(super) fn outside(&self) -> &[(i64, f64, f64)] {
        &self.outside
    }

    /// The period in which the last change of level was accepted, and the change.
    pub(super) fn moved(&self) -> Option<(i64, f64)> {
        self.moved
    }

    /// What each method expects of the period `index`.
    fn centres(&self, index: i64) -> [Option<f64>; METHODS] {
        let mut centres = self.past.forecasts(index);
        if let (Some(weeks), [.., week, step]) = (self.weeks(), &mut centres) {
            (*week, *step) = weeks.of_week(index);
        }
        centres
    }

    /// The band of the period `index`; `None` while there are too few days.
    pub(super) fn band(&self, index: i64) -> Option<LogBand> {
        let centres = self.centres(index);
        let mut forecasts = Vec::with_capacity(METHODS);
        for ((method, centre), errors) in Method::ALL.into_iter().zip(centres).zip(&self.errors) {
            if let (Some(centre), Some(width)) = (centre, errors.width()) {
                forecasts.push(Forecast { method, centre, width, errors: errors.count(), heard: false });
            }
        }
        let best = forecasts.iter().map(|f| f.width).min_by(f64::total_cmp)?;
        let wildness = self.hours.as_ref().map_or(1.0, |hours| hours.wildness(index));
        let width = best * wildness;
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for f in &mut forecasts {
            f.heard = f.width <= HEARD * best;
            if f.heard {
                low = low.min(f.centre - width);
                high = high.max(f.centre + width);
            }
        }
        Some(LogBand { low, high, forecasts, effect: 0.0, wildness, centres })
    }

    /// The value that all of the last fourteen had; `None` where they differ or are fewer than four.
    pub(super) fn steady(&self, index: i64) -> Option<f64> {
        let mut recent = self.past.before(index).take(14).map(|(_, v)| v);
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

    /// Compares a value with its band and learns from it.
    pub(super) fn judge(
        &mut self,
        index: i64,
        value: f64,
        band: Option<&LogBand>,
        lesson: Lesson,
    ) -> Finding {
        if value <= 0.0 {
            return Finding::Empty;
        }
        let x = value.ln() - band.map_or(0.0, |band| band.effect);
        let finding = self.compare(index, x, band);
        self.filled += 1;
        if lesson == Lesson::None {
            return finding;
        }
        let centres = band.map_or_else(|| self.centres(index), |band| band.centres);
        if let Some(hours) = &mut self.hours {
            hours.weeks.put(index, x);
            if let Some(far) = band.and_then(|band| band.far(x)) {
                hours.learn(index, far);
            }
        }
        match finding {
            Finding::Outside | Finding::LikeLowDay if lesson == Lesson::Normal => {
                self.settle(index, x, band.map_or(0.0, |band| x - band.middle()));
            }
            Finding::Outside | Finding::LikeLowDay => {
                let middle = band.map_or(x, LogBand::middle);
                self.outside.push((index, x, x - middle));
                if let Some(hours) = &mut self.hours {
                    hours.note((index, x, x - middle));
                }
                self.learn_errors(&centres, x, band);
            }
            Finding::Empty | Finding::OtherMetricFine(_) => {}
            Finding::NewLevel(by) | Finding::OldLevel(by) => self.settle(index, x, by),
            Finding::NewHour(by) => self.settle_hour(index, x, by),
            Finding::Inside | Finding::Unknown => {
                self.outside.clear();
                if let Some(hours) = &mut self.hours {
                    hours.take(index);
                }
                self.learn_errors(&centres, x, band);
                self.past.put(index, x);
            }
        }
        finding
    }

    /// Takes a new level as normal: the past moves to it, and its rhythm stays.
    fn settle(&mut self, index: i64, x: f64, by: f64) {
        self.past.shift(by);
        for (at, value, _) in std::mem::take(&mut self.outside) {
            self.past.put(at, value);
        }
        self.past.put(index, x);
        if let Some(hours) = &mut self.hours {
            hours.forget_outside();
        }
        self.moved = Some((index, by));
    }

    /// The same of one hour of the day, while the others go on.
    fn settle_hour(&mut self, index: i64, x: f64, by: f64) {
        let Some(hours) = &mut self.hours else { return };
        let round = round(Cadence::Hourly) as i64;
        self.past.shift_slot(index, round, by);
        hours.weeks.shift_slot(index, round, by);
        for (at, value) in hours.take(index).into_iter().map(|(at, value, _)| (at, value)).chain([(index, x)])
        {
            self.past.put(at, value);
            hours.weeks.put(at, value);
        }
        self.outside.clear();
    }

    /// Errors are taught cut at the band's edge, so that a wild day widens the band a little and never breaks it
    /// (Gelper, Fried and Croux 2010, "Robust forecasting with exponential and Holt-Winters smoothing").
    fn learn_errors(&mut self, centres: &[Option<f64>; METHODS], x: f64, band: Option<&LogBand>) {
        let cut = band.map_or(x, |b| x.clamp(b.low, b.high));
        for (errors, centre) in self.errors.iter_mut().zip(centres) {
            if let Some(centre) = centre {
                // Who expected the wild day is not blamed for it.
                errors.push((cut - centre).abs().min((x - centre).abs()));
            }
        }
    }

    fn compare(&self, index: i64, x: f64, band: Option<&LogBand>) -> Finding {
        let Some(band) = band else { return Finding::Unknown };
        if (band.low..=band.high).contains(&x) {
            return Finding::Inside;
        }
        if let Some((at, by)) = self.moved
            && index - at <= self.return_within
            && (band.low..=band.high).contains(&(x + by))
        {
            return Finding::OldLevel(-by);
        }
        let low = x < band.low;
        let distance = x - band.middle();
        if let Some(by) = settled(&self.outside, distance, low) {
            return Finding::NewLevel(by);
        }
        let of_hour = self.hours.as_ref().map(|hours| hours.outside(index));
        if let Some(by) = of_hour.and_then(|outside| settled(outside, distance, low)) {
            return Finding::NewHour(by);
        }
        if low && distance > HOLIDAY && self.low_day().is_some_and(|lowest| x >= lowest) {
            return Finding::LikeLowDay;
        }
        Finding::Outside
    }

    /// How low a holiday may be: as far below the lowest slot of the rhythm as that is below the highest.
    /// Where there is no rhythm, there are no holidays.
    pub(super) fn low_day(&self) -> Option<f64> {
        let (lowest, highest) = self.past.rhythm()?;
        Some(lowest - (highest - lowest))
    }
}

/// The median distance from the middle, when this one is the third in a row on its side.
fn settled(outside: &[(i64, f64, f64)], distance: f64, low: bool) -> Option<f64> {
    let run = outside.iter().rev().take_while(|(_, _, d)| (*d < 0.0) == low);
    let mut distances = [0.0; SETTLED];
    let mut n = 1;
    distances[0] = distance;
    for (cell, (_, _, d)) in distances.iter_mut().skip(1).zip(run) {
        *cell = *d;
        n += 1;
    }
    if n == SETTLED { median(&mut distances) } else { None }
}
