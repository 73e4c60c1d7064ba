//! A count that has been the same number for a long time.

use crate::partition::Cadence;

/// How many partitions count as a long time: if there never was another number, and if there was.
fn long(cadence: Cadence) -> (u64, u64) {
    match cadence {
        Cadence::Hourly => (168, 400),
        Cadence::Daily | Cadence::Weekly | Cadence::Monthly => (30, 200),
    }
}

/// A very small distance on the log scale, so that the band of one number contains that number despite rounding.
pub(super) const HAIR: f64 = 1e-9;

/// The usual values of a count, while they are all one number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Constant {
    /// The newest value, as a logarithm.
    value: f64,
    /// How many of the newest values were the same.
    run: u64,
    /// Whether there ever was another number.
    broken: bool,
}

impl Constant {
    /// Learns a usual value.
    pub(super) fn learn(&mut self, value: f64) {
        if self.run > 0 && value == self.value {
            self.run += 1;
            return;
        }
        *self = Constant { value, run: 1, broken: self.run > 0 };
    }

    /// The logarithm of the number, and how many partitions in a row had it; `None` if it has not been constant for
    /// long enough.
    pub(super) fn known(&self, cadence: Cadence) -> Option<(f64, u64)> {
        let (never, after) = long(cadence);
        let long = if self.broken { after } else { never };
        (self.run >= long).then_some((self.value, self.run))
    }
}
