//! Repeatable randomness: the same seed and name give the same number, in any order.

use lakegauge_core::fingerprint::splitmix;

/// A seeded source of numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dice {
    seed: u64,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice { seed: splitmix(seed) }
    }

    /// Independent dice for one name.
    pub(super) fn of(self, thing: &str, number: i64) -> Dice {
        let named = thing.bytes().fold(self.seed, |state, byte| splitmix(state ^ u64::from(byte)));
        Dice { seed: splitmix(named ^ number as u64) }
    }

    /// Uniform in [0, 1).
    pub(super) fn share(self) -> f64 {
        (splitmix(self.seed) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Approximately normal, with mean 0 and deviation 1, within ±3.5: the sum of twelve uniform numbers
    /// (Irwin–Hall), clamped so that the sample lake has no outliers.
    pub(super) fn normal(self) -> f64 {
        let sum: f64 = (0..12).map(|i| self.of("normal", i).share()).sum();
        (sum - 6.0).clamp(-3.5, 3.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_and_repeat() {
        let draws: Vec<f64> = (0..2_000).map(|i| Dice::new(7).of("x", i).normal()).collect();
        let mean = draws.iter().sum::<f64>() / 2_000.0;
        let deviation = (draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 2_000.0).sqrt();
        assert!(mean.abs() < 0.1 && (deviation - 1.0).abs() < 0.1, "{mean} {deviation}");
        assert_eq!(draws[3], Dice::new(7).of("x", 3).normal());
        assert_ne!(draws[3], Dice::new(8).of("x", 3).normal());
    }
}
