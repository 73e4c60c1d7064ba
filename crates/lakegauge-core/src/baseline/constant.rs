//! A count that has been one number for a long time.

use crate::partition::Cadence;

/// How long, where there never was another number; and where there was.
fn long(cadence: Cadence) -> (u64, u64) {
    match cadence {
        Cadence::Hourly => (168, 400),
        Cadence::Daily | Cadence::Weekly | Cadence::Monthly => (30, 200),
    }
}

/// A hair on the log scale: the band of one number holds that number, whatever its logarithm is rounded to.
pub(super) const HAIR: f64 = 1e-9;

/// The usual values of a count, as far as they are one number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Constant {
    /// The newest, as a logarithm.
    value: f64,
    /// How many of the newest were the same.
    run: u64,
    /// Whether there ever was another one.
    broken: bool,
}

impl Constant {
    /// A usual value.
    pub(super) fn learn(&mut self, value: f64) {
        if self.run > 0 && value == self.value {
            self.run += 1;
            return;
        }
        *self = Constant { value, run: 1, broken: self.run > 0 };
    }

    /// The logarithm of the one number, and of how many partitions it was that of; `None` where it has not been for long.
    pub(super) fn known(&self, cadence: Cadence) -> Option<(f64, u64)> {
        let (never, after) = long(cadence);
        let long = if self.broken { after } else { never };
        (self.run >= long).then_some((self.value, self.run))
    }
}
