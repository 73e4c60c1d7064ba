use super::*;
use crate::partition::Partition;

/// Deterministic noise between -1 and 1.
fn noise(i: i64) -> f64 {
    ((i * 7919 + 104_729) % 2003) as f64 / 1001.5 - 1.0
}

fn check(first: &str, n: i64, value: impl Fn(i64) -> f64, expect: Option<(usize, i64)>) {
    let first = Partition::parse(first).unwrap();
    let found = drift((0..n).map(|i| (first.offset(i), value(i))));
    let told = found.map(|d| (d.over, (d.change * 100.0).round() as i64));
    assert_eq!(told, expect, "{found:?}");
}

#[test]
fn slow_change_is_told_and_noise_is_not() {
    let weekly = |i: i64| if i % 7 >= 5 { 300.0 } else { 1_000.0 };
    check("2026-01-05", 120, |i| weekly(i) * (1.0 + 0.05 * noise(i)), None);
    check("2026-01-05", 120, |i| weekly(i) * (1.0 + 0.5 * noise(i)), None);
    // Half a percent per day is 15 % in 28 days, up or down.
    check("2026-01-05", 120, |i| weekly(i) * 1.005_f64.powi(i as i32), Some((28, 15)));
    check("2026-01-05", 120, |i| weekly(i) * 0.995_f64.powi(i as i32), Some((28, -13)));
    let noisy = |i: i64| weekly(i) * 1.005_f64.powi(i as i32) * (1.0 + 0.05 * noise(i));
    check("2026-01-05", 120, noisy, Some((28, 15)));
    // Less than a tenth is not worth a line.
    check("2026-01-05", 120, |i| weekly(i) * 1.003_f64.powi(i as i32), None);
    // Empty partitions are not a change of level, and neither are a few wild days.
    check("2026-01-05", 120, |i| if i % 9 == 0 { 0.0 } else { weekly(i) }, None);
    check("2026-01-05", 120, |i| if i > 115 { 9e9 } else { weekly(i) }, None);
}

#[test]
fn young_pasts_and_other_cadences_are_compared_as_far_as_they_go() {
    let growing = |i: i64| 1.01_f64.powi(i as i32);
    check("2026-01-05", 27, growing, None);
    check("2026-01-05", 30, growing, Some((15, 16)));
    check("2026-W02", 60, growing, Some((28, 32)));
    check("2020-01", 36, growing, Some((18, 20)));
    // Hourly data is compared by day.
    check("2026-01-05T00", 24 * 30, |i| growing(i / 24) * (2.0 + noise(i % 24)), Some((15, 16)));
    check("2026-01-05T00", 24 * 20, growing, None);
}
