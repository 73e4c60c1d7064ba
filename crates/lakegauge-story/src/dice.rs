//! Repeatable randomness.

use lakegauge_core::fingerprint::{STEP, splitmix};

/// A stream of numbers that depends only on its seed.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The stream of `seed`. Neighbouring seeds give independent streams.
    pub fn new(seed: u64) -> Dice {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        let number = splitmix(self.0);
        self.0 = self.0.wrapping_add(STEP);
        number
    }

    /// Uniform from 0 up to and without `end`; 0 if that is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// Uniform from `low` to `high`, both inclusive.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// Uniform in [0, 1).
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability, in percent.
    pub fn percent(&mut self, of_hundred: u64) -> bool {
        self.between(0, 99) < of_hundred
    }

    /// Approximately normal, with mean 0 and deviation 1: the sum of twelve uniform numbers.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    /// Approximately normal around `mean`, with a deviation of `share` of it, and at least one.
    pub fn about(&mut self, mean: f64, share: f64) -> u64 {
        (mean * (1.0 + share * self.normal())).max(1.0) as u64
    }
}
