//! Statistics of landing lags, in hours.

use super::robust::{SCALE, median, spread};

/// The slack of a long lag, as a share of the lag.
const LONG: f64 = 0.025;

/// The usual lag, and how far after it a landing may be, in hours: four standard deviations, but at least the slack,
/// and at most the slack after the latest landing.
pub(super) fn usual_and_width(lags: &[f64], period: f64) -> Option<(f64, f64)> {
    let mut sample = lags.to_vec();
    let usual = median(&mut sample)?;
    let sigma = spread(&mut sample, usual)?;
    let latest = lags.iter().copied().max_by(f64::total_cmp)?;
    let slack = slack(period).max(LONG * usual.abs());
    Some((usual, (4.0 * sigma).max(slack).min(latest - usual + slack)))
}

/// Whether the landings of one slot are later than the `usual` time of all by more than they differ from each other,
/// and by more than half of the slack: less would only delay the deadline. A slot that is earlier has the deadline of
/// all: what a weekday gains by being early is not worth the alarms on a run that once starts with the others.
pub(super) fn is_later(same: &[f64], usual: f64, period: f64) -> bool {
    let mut sample = same.to_vec();
    let Some(own) = median(&mut sample) else { return false };
    spread(&mut sample, own).is_some_and(|sigma| own - usual > sigma.max(slack(period) / 2.0))
}

/// How many hours from the usual time half of the landings are at least, if that is more than half of the slack: a
/// scheduler is more regular, a person is not.
pub(super) fn by_hand(lags: &[f64], period: f64) -> Option<f64> {
    let mut sample = lags.to_vec();
    let usual = median(&mut sample)?;
    let scatter = spread(&mut sample, usual)? / SCALE;
    (scatter > slack(period) / 2.0).then_some(scatter)
}

/// One hour for a clock change plus a 24th of the period; for hourly data, a quarter of the period.
pub(super) fn slack(period: f64) -> f64 {
    if period > 1.0 { 1.0 + period.min(24.0 * 7.0) / 24.0 } else { period / 4.0 }
}
