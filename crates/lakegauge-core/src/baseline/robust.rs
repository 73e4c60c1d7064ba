//! Order statistics.

/// The `q`-quantile (0 to 1) of `values`, linear between neighbours (Hyndman and Fan 1996, definition 7). `None` of nothing.
pub(super) fn quantile(values: &[f64], q: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    quantile_of_sorted(&sorted, q)
}

/// As [`quantile`], of values that are sorted already.
pub(super) fn quantile_of_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = q.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (sorted.get(at.floor() as usize)?, sorted.get(at.ceil() as usize)?);
    Some(below + (above - below) * at.fract())
}

/// The middle of `values`.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_definition_7() {
        let check = |values: &[f64], q, expect| assert_eq!(quantile(values, q), expect, "{values:?} {q}");
        check(&[], 0.5, None);
        check(&[3.0], 0.9, Some(3.0));
        check(&[4.0, 1.0, 3.0, 2.0], 0.5, Some(2.5));
        check(&[4.0, 1.0, 3.0, 2.0], 0.25, Some(1.75));
        check(&[1.0, 2.0], 1.0, Some(2.0));
    }
}
