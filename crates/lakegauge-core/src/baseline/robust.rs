//! Robust statistics of small samples. Every function reorders its argument.

/// The median; of an even number of values the mean of the middle two. `None` of none.
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

/// The median absolute deviation from `centre`, scaled to the standard deviation of a normal sample
/// (Hampel 1974, "The influence curve and its role in robust estimation": factor 1.4826).
pub(super) fn spread(values: &mut [f64], centre: f64) -> Option<f64> {
    values.iter_mut().for_each(|v| *v = (*v - centre).abs());
    Some(1.4826 * median(values)?)
}

/// The value below which a share `q` of the sample lies: the order statistic of rank ⌈q·n⌉, definition 1 of
/// Hyndman and Fan 1996, "Sample quantiles in statistical packages".
pub(super) fn quantile(values: &mut [f64], q: f64) -> Option<f64> {
    let n = values.len();
    let rank = ((q * n as f64).ceil() as usize).clamp(1, n.max(1)) - 1;
    if rank >= n {
        return None;
    }
    Some(*values.select_nth_unstable_by(rank, f64::total_cmp).1)
}
