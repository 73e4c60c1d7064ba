//! Maps values and instants to places in a drawing.

/// One axis: values between two edges, on a linear or a logarithmic scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    log: bool,
}

/// The ratio between the largest and the smallest value from which the scale is logarithmic.
const LOG_FROM: f64 = 12.0;

impl Axis {
    /// An axis for these values, with some space around them; a linear one includes zero.
    pub fn around(values: impl Iterator<Item = f64>) -> Axis {
        let (mut low, mut high, mut most) = (f64::INFINITY, 0.0, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            most = most.max(value);
            if value > 0.0 {
                low = low.min(value);
                high = f64::max(high, value);
            }
        }
        if high <= 0.0 {
            return Axis { low: 0.0, high: 1.0, log: false };
        }
        match high / low > LOG_FROM {
            true => Axis { low: low / 1.5, high: high * 1.2, log: true },
            false => Axis { low: 0.0, high: most * 1.1, log: false },
        }
    }

    /// A linear axis from zero to slightly above the largest of these values.
    pub fn from_zero(values: impl Iterator<Item = f64>) -> Axis {
        let high = values.filter(|value| value.is_finite()).fold(0.0, f64::max);
        Axis { low: 0.0, high: if high > 0.0 { high * 1.1 } else { 1.0 }, log: false }
    }

    /// A logarithmic axis between two powers of ten, each clamped to the range of a float.
    pub fn decades(least: i32, most: i32) -> Axis {
        let (least, most) = (least.clamp(-300, 299), most.clamp(-299, 300));
        Axis { low: 10_f64.powi(least), high: 10_f64.powi(most.max(least + 1)), log: true }
    }

    /// Whether it is logarithmic.
    pub fn is_log(&self) -> bool {
        self.log
    }

    /// The place of a value: 0 at the low edge and 1 at the high edge. Values beyond an edge are placed on it,
    /// including zero on a logarithmic axis.
    pub fn place(&self, value: f64) -> f64 {
        let share = match self.log {
            true => (value.max(self.low) / self.low).ln() / (self.high / self.low).ln(),
            false => (value - self.low) / (self.high - self.low),
        };
        share.clamp(0.0, 1.0)
    }

    /// Three to five round values for its labels.
    pub fn ticks(&self) -> Vec<f64> {
        if self.log {
            let (first, last) = (self.low.log10().ceil() as i32, self.high.log10().floor() as i32);
            if last - first >= 1 {
                let step = ((last - first) / 4 + 1).unsigned_abs() as usize;
                return (first..=last).step_by(step).map(|power| 10_f64.powi(power)).collect();
            }
            return vec![self.low * 1.5, (self.low * self.high).sqrt(), self.high / 1.2];
        }
        let step = round_up(self.high / 4.0);
        (0..=4).map(|n| f64::from(n) * step).filter(|value| *value <= self.high).collect()
    }
}

/// The next of 1, 2, 2.5, 5 and 10 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * power >= value * 0.999);
    factor.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_holds_its_values() {
        let check = |values: &[f64], log: bool, ticks: &[f64]| {
            let axis = Axis::around(values.iter().copied());
            assert_eq!((axis.is_log(), axis.ticks().as_slice()), (log, ticks), "{values:?}");
            for value in values {
                assert!((0.0..=1.0).contains(&axis.place(*value)));
            }
        };
        check(&[90.0, 100.0], false, &[0.0, 50.0, 100.0]);
        check(&[0.0, 100.0, 110.0], false, &[0.0, 50.0, 100.0]);
        check(&[0.0, 5.0, 2_000.0], true, &[10.0, 100.0, 1_000.0]);
        check(&[0.0], false, &[0.0, 0.25, 0.5, 0.75, 1.0]);
        check(&[], false, &[0.0, 0.25, 0.5, 0.75, 1.0]);
    }
}
