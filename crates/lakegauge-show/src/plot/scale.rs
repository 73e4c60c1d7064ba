//! The vertical axis: its ends and its labelled values.

use lakegauge_core::metric::Unit;

/// The vertical axis of a plot.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    /// The value at the bottom.
    pub(super) low: f64,
    /// The value at the top.
    pub(super) high: f64,
    /// The labelled values, lowest first.
    pub(super) ticks: Vec<f64>,
}

/// The round steps of a unit below its next power of ten.
const DECIMAL: [f64; 3] = [1.0, 2.0, 5.0];
/// The round steps of time, in seconds: up to a minute, an hour, a day, and weeks.
const TIME: [f64; 20] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 14_400.0,
    21_600.0, 43_200.0, 86_400.0, 172_800.0, 604_800.0,
];

impl Scale {
    /// A scale that contains all `values` and has about `labels` ticks. It starts at zero if the values come close to
    /// it, so that heights can be compared.
    pub(super) fn holding(values: impl Iterator<Item = f64>, unit: Unit, labels: usize) -> Scale {
        let (mut low, mut high) = values
            .filter(|v| v.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if low > 0.0 && low < 0.7 * high {
            low = 0.0;
        }
        if low == high {
            (low, high) =
                if low == 0.0 { (0.0, 1.0) } else { (low - low.abs() * 0.5, high + high.abs() * 0.5) };
        }
        let step = step((high - low) / labels.max(1) as f64, unit);
        let first = (low / step).floor() as i64;
        let last = (high / step).ceil() as i64;
        let ticks: Vec<f64> = (first..=last).map(|n| n as f64 * step).collect();
        Scale { low: first as f64 * step, high: last as f64 * step, ticks }
    }

    /// The place of `value` between the bottom (0) and the top (1).
    pub(super) fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }
}

/// The smallest round step that is at least `rough`.
fn step(rough: f64, unit: Unit) -> f64 {
    if unit == Unit::Seconds
        && let Some(step) = TIME.iter().find(|s| **s >= rough).filter(|_| rough > 0.5)
    {
        return *step;
    }
    // Labels of counts are whole numbers.
    let rough = if unit == Unit::Count { rough.max(1.0) } else { rough };
    let power = 10f64.powf(rough.log10().floor());
    DECIMAL.iter().map(|d| d * power).find(|s| *s >= rough * 0.999).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lakegauge_core::quantity;
    use proptest::prelude::*;

    #[test]
    fn labels_are_round() {
        let check = |values: &[f64], unit, expect: &[&str]| {
            let scale = Scale::holding(values.iter().copied(), unit, 4);
            let ticks: Vec<String> = scale.ticks.iter().map(|t| quantity::format(*t, unit)).collect();
            assert_eq!(ticks, expect, "{values:?}");
        };
        check(&[121_340.0, 2_104_000.0], Unit::Bytes, &["0 B", "1 MB", "2 MB", "3 MB"]);
        check(&[1.9e9, 2.1e9], Unit::Bytes, &["1.9 GB", "1.95 GB", "2 GB", "2.05 GB", "2.1 GB"]);
        check(&[1.0, 2.0], Unit::Count, &["0", "1", "2"]);
        check(&[0.0, 0.0], Unit::Count, &["0", "1"]);
        check(&[], Unit::Count, &["0", "1"]);
        check(&[3_000.0, 15_600.0], Unit::Seconds, &["0 s", "2 h", "4 h", "6 h"]);
        check(&[-50.0, 70.0], Unit::Bytes, &["-50 B", "0 B", "50 B", "100 B"]);
        check(&[7.0, 7.0], Unit::Count, &["2", "4", "6", "8", "10", "12"]);
    }

    proptest! {
        #[test]
        fn every_value_lies_on_the_scale(values in prop::collection::vec(-1e15f64..1e15, 1..20), labels in 1usize..9) {
            for unit in [Unit::Bytes, Unit::Count, Unit::Seconds, Unit::None] {
                let scale = Scale::holding(values.iter().copied(), unit, labels);
                prop_assert!(scale.ticks.len() <= 2 * labels + 3, "{scale:?}");
                for value in &values {
                    prop_assert!(*value >= scale.low - 1e-3 && *value <= scale.high + 1e-3, "{value} on {scale:?}");
                }
            }
        }
    }
}
