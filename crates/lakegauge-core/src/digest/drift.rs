//! Slow change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::partition::{Cadence, Partition};

/// Maximum number of values that are compared with as many before them.
const WINDOW: usize = 28;
/// Minimum number.
const LEAST: usize = 14;
/// The minimum change over the window that is reported: 10 %.
const WORTH: f64 = 0.1;
/// The minimum share of pairs of the same slot that must agree on the direction.
const AGREED: f64 = 0.75;

/// A slow change of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// How many values (for hourly data: days) are compared with as many before them.
    pub over: usize,
    /// The ratio by which the level changes over that many values: 0.1 is 10 % more.
    pub change: f64,
    /// The median of the earlier values, in the metric's unit.
    pub before: f64,
    /// The median of the later values.
    pub after: f64,
    /// The share of pairs of the same slot that agree on the direction.
    pub agree: f64,
}

/// The slow change over the newest values, if there is one worth reporting: the median slope of the logarithm over
/// all pairs of values that are whole rounds of the rhythm apart (Hirsch, Slack and Smith 1982, "Techniques of trend
/// analysis for monthly water quality data": the seasonal form of the slope of Theil 1950 and Sen 1968). Three of
/// four pairs must agree on its direction, and the medians of the two halves must differ in the same direction. For
/// hourly data, the median of each day is used.
pub fn drift(values: impl IntoIterator<Item = (Partition, f64)>) -> Option<Drift> {
    let logs = by_period(values);
    let over = (logs.len() / 2).min(WINDOW);
    if over < LEAST {
        return None;
    }
    let newest = logs.get(logs.len() - 2 * over..)?;
    let season = newest.first().map(|(_, season, _)| *season)?;
    let mut slopes = Vec::new();
    for (i, (early, _, low)) in newest.iter().enumerate() {
        for (late, _, high) in newest.iter().skip(i + 1) {
            if (late - early) % season == 0 {
                slopes.push((high - low) / (late - early) as f64);
            }
        }
    }
    let slope = median(&mut slopes)?;
    let agree = slopes.iter().filter(|s| **s * slope > 0.0).count() as f64 / slopes.len() as f64;
    let half =
        |range: &[(i64, i64, f64)]| median(&mut range.iter().map(|(_, _, log)| *log).collect::<Vec<_>>());
    let (before, after) = (half(newest.get(..over)?)?, half(newest.get(over..)?)?);
    let change = (slope * over as f64).exp_m1();
    let told = change.abs() >= WORTH && agree >= AGREED && (after - before) * slope > 0.0;
    told.then(|| Drift { over, change, before: before.exp(), after: after.exp(), agree })
}

/// Period, season and logarithm, oldest first. Values that are not above zero are left out.
fn by_period(values: impl IntoIterator<Item = (Partition, f64)>) -> Vec<(i64, i64, f64)> {
    let mut periods: BTreeMap<Partition, Vec<f64>> = BTreeMap::new();
    for (partition, value) in values.into_iter().filter(|(_, value)| *value > 0.0 && value.is_finite()) {
        let cadence =
            if partition.cadence() == Cadence::Hourly { Cadence::Daily } else { partition.cadence() };
        periods.entry(Partition::containing(partition.start(), cadence)).or_default().push(value.ln());
    }
    let Some(first) = periods.keys().next().copied() else { return Vec::new() };
    let season = match first.cadence() {
        Cadence::Hourly | Cadence::Daily => 7,
        Cadence::Weekly => 4,
        Cadence::Monthly => 12,
    };
    let log = |(partition, mut logs): (Partition, Vec<f64>)| {
        Some((partition.periods_since(first), season, median(&mut logs)?))
    };
    periods.into_iter().filter_map(log).collect()
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let upper = *values.get(n / 2)?;
    if n % 2 == 1 {
        return Some(upper);
    }
    Some((values.get(n / 2 - 1)? + upper) / 2.0)
}
