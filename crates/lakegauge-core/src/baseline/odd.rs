//! For hourly data: which hours are worth an alarm.
//!
//! A month has 720 hours, and a few of them are outside their bands. One odd hour is a notice; an alarm is one that is
//! far outside, or a whole day.

use super::band::{Finding, LogBand};
use super::breach::{SMALL, hold};
use super::stretch::LastDay;
use super::volume::{Seen, Volume};

/// From how many half-widths of its band on an hour is far outside.
const FAR: f64 = 2.5;

impl Volume {
    /// Whether an hour outside its band is no alarm: it is not far outside, no alarm on its side is open, and its day
    /// will tell whether it stays so.
    pub(super) fn is_odd_hour(&self, distance: f64, band: &LogBand) -> bool {
        let low = distance < 0.0;
        let is_far = distance.abs() >= FAR * band.half_width();
        let day_tells = self.hours.as_ref().is_some_and(|hours| hours.stretch.has_limit(low));
        day_tells && !is_far && band.constant.is_none() && self.continuing(low, false).is_none()
    }

    /// The finding on an hour, given that on the hour `alone`: it is in alarm if its day is.
    pub(super) fn with_its_day(
        &self,
        index: i64,
        value: f64,
        band: Option<&LogBand>,
        alone: Finding,
    ) -> Finding {
        if !matches!(alone, Finding::Inside | Finding::OddHour | Finding::LikeLowDay) {
            return alone;
        }
        let moved = || self.hours.as_ref()?.stretch.outside((index, band?.ratio(value)?));
        moved().map_or(alone, Finding::OddDay)
    }

    /// A day that is less than about half or double away from the usual ones, and has been for two weeks, is the new
    /// level.
    pub(super) fn settle_on_day(&self, index: i64, by: f64) -> Finding {
        let since = self.hours.as_ref().and_then(|hours| hours.stretch.since(by < 0.0));
        let held = since.is_some_and(|since| index - since >= hold(self.cadence));
        if held && (by.abs() < SMALL || self.is_young()) { Finding::Held(by) } else { Finding::OddDay(by) }
    }

    /// For hourly data, what is known of the day before the hour `index`.
    pub(super) fn last_day(&self, index: i64, band: &LogBand) -> Option<LastDay> {
        self.hours.as_ref().map(|hours| hours.stretch.last_day(index, band.of_week()))
    }

    /// Learns how far the day that ends with an hour has moved.
    pub(super) fn learn_day(&mut self, seen: &Seen<'_>) {
        let Some(ratio) = seen.band.and_then(|band| band.ratio(seen.value)) else { return };
        let raised = |low| self.continuing(low, false).unwrap_or(seen.index);
        let alarm = seen.alarmed.then(|| raised(ratio < 0.0));
        if let Some(hours) = &mut self.hours {
            hours.stretch.learn((seen.index, ratio), alarm);
        }
    }
}
