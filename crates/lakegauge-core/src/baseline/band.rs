//! The expected range of one value on the log scale, and the result of comparing a value with it.

use super::forecast::{Forecast, METHODS};
use crate::metric::Metric;

/// A forecaster is heard (it takes part in the band) when its own band is at most this many times as wide as the
/// narrowest.
pub(super) const HEARD: f64 = 1.5;

/// A band on the log scale: a value outside it is not expected by any heard forecaster.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LogBand {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) forecasts: Vec<Forecast>,
    /// How far the day of the month moves the band. The edges and the forecasts are those of an ordinary day.
    pub(super) effect: f64,
    /// How many times wider this hour's band is than the band of all hours.
    pub(super) wildness: f64,
    /// How many partitions in a row had the same number, if the band is that number alone.
    pub(super) constant: Option<u64>,
    /// What each method expects, even if it has no errors of its own yet.
    pub(super) centres: [Option<f64>; METHODS],
}

/// The result of comparing a value with its band and with the values before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Finding {
    /// There is no band yet.
    Unknown,
    /// Inside.
    Inside,
    /// Outside, but like the usual low days: a holiday.
    LikeLowDay,
    /// Outside for the third time on one side, where that is not an alarm: from now on it is the new level.
    NewLevel(f64),
    /// Outside for two weeks, by less than half or double: from now on it is the new level.
    Held(f64),
    /// Outside for the third time on this weekday (or hour of the day): it is the slot's new level.
    NewSlot(f64),
    /// For hourly data, the same for this hour of the week.
    NewHourOfWeek(f64),
    /// Outside, but back at the level before the last accepted change.
    OldLevel(f64),
    /// Outside, but so near that one hour of it is noise.
    OddHour,
    /// For hourly data, part of a day whose hours together are this far from their usual values, as a logarithm.
    OddDay(f64),
    /// Outside.
    Outside,
    /// Outside, while another metric of the same data is inside.
    OtherMetricFine(Metric),
    /// Zero or less.
    Empty,
}

impl Finding {
    /// Outside, and nothing that explains it is known: no new level, no earlier one, no odd day.
    pub(super) fn is_outside(self) -> bool {
        matches!(
            self,
            Finding::Outside | Finding::OddHour | Finding::LikeLowDay | Finding::OtherMetricFine(_)
        )
    }
}

impl LogBand {
    pub(super) fn middle(&self) -> f64 {
        (self.low + self.high) / 2.0
    }

    pub(super) fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// For hourly data, what the same hour of the week usually has.
    pub(super) fn of_week(&self) -> Option<f64> {
        let [.., week, _] = self.centres;
        week
    }

    /// How far a value is from the middle.
    pub(super) fn distance(&self, value: f64) -> f64 {
        value.ln() - self.effect - self.middle()
    }

    pub(super) fn holds(&self, log: f64) -> bool {
        (self.low..=self.high).contains(&log)
    }

    /// For hourly data, the logarithm of a value's ratio to what the same hour of the week usually has.
    pub(super) fn ratio(&self, value: f64) -> Option<f64> {
        self.of_week().map(|week| value.ln() - self.effect - week)
    }

    /// Whether a value is less than one from an edge: a file with nothing but a number in it grows by a quarter when
    /// 999 becomes 1000.
    pub(super) fn is_near(&self, value: f64) -> bool {
        let within = |edge: f64| (value - (edge + self.effect).exp()).abs() < 1.0;
        within(self.low) || within(self.high)
    }

    /// How far a logarithm is from the nearest heard forecaster, in half-widths of the narrowest band.
    pub(super) fn far(&self, x: f64) -> Option<f64> {
        let heard = self.forecasts.iter().filter(|f| f.heard);
        let nearest = heard.map(|f| (x - f.centre).abs()).min_by(f64::total_cmp)?;
        self.best().map(|best| nearest / best.width)
    }

    /// The forecaster with the narrowest band; if several are equal, the simplest.
    pub(super) fn best(&self) -> Option<&Forecast> {
        self.forecasts.iter().min_by(|a, b| a.width.total_cmp(&b.width))
    }
}
