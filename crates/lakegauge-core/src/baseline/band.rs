//! What is expected of one value, on the log scale, and what a value is beside it.

use super::forecast::{Forecast, METHODS};
use crate::metric::Metric;

/// A forecaster is heard when its band is at most this much wider than the narrowest.
pub(super) const HEARD: f64 = 1.5;

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
    /// How many partitions in a row had the same number, where the band is that number alone.
    pub(super) constant: Option<u64>,
    /// What each method expects, whether it has a record of its own or not.
    pub(super) centres: [Option<f64>; METHODS],
}

/// What a value is, beside its band and the ones before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Finding {
    /// Nothing is expected yet.
    Unknown,
    /// Inside.
    Inside,
    /// Outside, but like the usual low days: a holiday.
    LikeLowDay,
    /// Outside for the third time on one side, where that is no alarm: taken as the new level from here on.
    NewLevel(f64),
    /// Outside for two weeks, by less than a half or the double: taken as the new level from here on.
    Held(f64),
    /// Outside for the third time on this weekday (or hour of the day): taken as its new level.
    NewSlot(f64),
    /// Of hours, the same of this hour of the week.
    NewHourOfWeek(f64),
    /// Outside, back at the level before the last accepted change.
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

    pub(super) fn holds(&self, log: f64) -> bool {
        (self.low..=self.high).contains(&log)
    }

    /// How far a logarithm is from the nearest forecaster that is heard, in half-widths of the narrowest band.
    pub(super) fn far(&self, x: f64) -> Option<f64> {
        let heard = self.forecasts.iter().filter(|f| f.heard);
        let nearest = heard.map(|f| (x - f.centre).abs()).min_by(f64::total_cmp)?;
        self.best().map(|best| nearest / best.width)
    }

    /// The forecaster with the narrowest band, of equals the simplest.
    pub(super) fn best(&self) -> Option<&Forecast> {
        self.forecasts.iter().min_by(|a, b| a.width.total_cmp(&b.width))
    }
}
