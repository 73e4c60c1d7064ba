//! Robust statistics of small samples.

/// The median; reorders the values. For an even number of values, the mean of the middle two. `None` if there are
/// none.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    let n = values.len();
    let (below, middle, _) = values
        .select_nth_unstable_by(n.checked_sub(1)? / 2 + usize::from(n.is_multiple_of(2)), f64::total_cmp);
    let upper = *middle;
    if !n.is_multiple_of(2) {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some((lower + upper) / 2.0)
}

/// The factor that turns a median absolute deviation into a standard deviation if the sample is normal (Hampel 1974,
/// "The influence curve and its role in robust estimation").
pub(super) const SCALE: f64 = 1.4826;

/// The median absolute deviation from `centre`, times [`SCALE`]; overwrites the values.
pub(super) fn spread(values: &mut [f64], centre: f64) -> Option<f64> {
    values.iter_mut().for_each(|v| *v = (*v - centre).abs());
    Some(SCALE * median(values)?)
}

/// The median of a sorted sample.
pub(super) fn middle(sorted: &[f64]) -> Option<f64> {
    let n = sorted.len();
    let upper = *sorted.get(n / 2)?;
    if !n.is_multiple_of(2) {
        return Some(upper);
    }
    Some((*sorted.get(n / 2 - 1)? + upper) / 2.0)
}

/// The value below which a share `q` of a sorted sample falls: the order statistic of rank ⌈q·n⌉, definition 1 of
/// Hyndman and Fan 1996, "Sample quantiles in statistical packages".
pub(super) fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let n = sorted.len();
    let rank = ((q * n as f64).ceil() as usize).clamp(1, n.max(1)) - 1;
    sorted.get(rank).copied()
}
