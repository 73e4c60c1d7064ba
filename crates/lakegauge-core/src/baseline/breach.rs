//! Consecutive partitions outside their bands: either the start of a new level, or an alarm that continues.

use std::collections::VecDeque;

use super::robust::median;
use crate::partition::Cadence;

/// How many partitions on one side of the band make a level.
pub(super) const SETTLED: usize = 3;
/// How far a level may have moved to be accepted without a person, as a logarithm: to half or to double.
pub(super) const SMALL: f64 = std::f64::consts::LN_2;
/// How many days such a level must hold.
const HOLD_DAYS: i64 = 14;

/// The number of periods in those days.
pub(super) fn hold(cadence: Cadence) -> i64 {
    (HOLD_DAYS * 86_400).div_euclid(cadence.nominal_seconds()).max(1)
}

/// A value outside its band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outside {
    pub(super) index: i64,
    /// Its logarithm, minus the effect of the day of the month.
    pub(super) value: f64,
    /// Its distance from the middle of the band.
    pub(super) distance: f64,
}

/// Partitions outside the band on one side, with none inside since the first of them.
#[derive(Clone, Debug)]
pub(super) struct Breach {
    /// Below the band, or above it.
    pub(super) low: bool,
    /// The first of these partitions.
    pub(super) first: i64,
    /// The first one in alarm; the others are notices.
    pub(super) since: Option<i64>,
    /// The first one that was empty.
    pub(super) empty_since: Option<i64>,
    /// The last values above zero, oldest first. At most two weeks of them: older ones add nothing to the decision.
    pub(super) outside: VecDeque<Outside>,
    /// Since when the level has been less than [`SMALL`] away from the accepted one.
    small_since: Option<i64>,
    /// Whether the dataset was too young when this began for the old level to count: every change is then small.
    young: bool,
}

impl Breach {
    pub(super) fn new(low: bool, first: i64, young: bool) -> Breach {
        Breach {
            low,
            first,
            since: None,
            empty_since: None,
            outside: VecDeque::new(),
            small_since: None,
            young,
        }
    }

    /// The median distance of the newest [`SETTLED`] partitions, including `next`; `None` if there are fewer.
    pub(super) fn level(&self, next: f64) -> Option<f64> {
        let mut newest = [next; SETTLED];
        let before = self.outside.iter().rev().map(|o| o.distance);
        let n = newest.iter_mut().skip(1).zip(before).map(|(cell, d)| *cell = d).count();
        (n + 1 == SETTLED).then(|| median(&mut newest)).flatten()
    }

    /// The new level, if it is small and has held for two weeks up to the period `index`.
    pub(super) fn held(&self, index: i64, distance: f64, cadence: Cadence) -> Option<f64> {
        let by = self.level(distance).filter(|by| self.young || by.abs() < SMALL)?;
        let since = self.small_since.unwrap_or_else(|| self.first_small(index));
        (index - since >= hold(cadence)).then_some(by)
    }

    /// The first small one among the partitions that [`Breach::level`] uses, including `index`.
    fn first_small(&self, index: i64) -> i64 {
        let newest = self.outside.iter().skip(self.outside.len().saturating_sub(SETTLED - 1));
        newest.into_iter().find(|o| self.young || o.distance.abs() < SMALL).map_or(index, |o| o.index)
    }

    /// Nothing came, so no level has held through this period.
    pub(super) fn push_emptiness(&mut self, index: i64) {
        self.empty_since = self.empty_since.or(Some(index));
        self.outside.clear();
        self.small_since = None;
    }

    /// Adds a value above zero.
    pub(super) fn push(&mut self, outside: Outside, cadence: Cadence) {
        match self.level(outside.distance) {
            Some(by) if self.young || by.abs() < SMALL => {
                self.small_since = self.small_since.or(Some(self.first_small(outside.index)));
            }
            _ => self.small_since = None,
        }
        self.outside.push_back(outside);
        if self.outside.len() as i64 > hold(cadence).max(SETTLED as i64) {
            self.outside.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The day on which a change is accepted. `of` gives the distance for each day.
    fn usual_on(young: bool, of: impl Fn(i64) -> f64) -> Option<i64> {
        let mut breach = Breach::new(of(0) < 0.0, 0, young);
        (0..60).find(|index| {
            let held = breach.held(*index, of(*index), Cadence::Daily).is_some();
            breach.push(Outside { index: *index, value: 0.0, distance: of(*index) }, Cadence::Daily);
            held
        })
    }

    #[test]
    fn only_what_is_small_becomes_usual_by_itself() {
        assert_eq!(usual_on(false, |_| -0.5), Some(14));
        assert_eq!(usual_on(false, |_| 0.6), Some(14));
        assert_eq!(usual_on(false, |_| -2.3), None);
        assert_eq!(usual_on(false, |_| 0.7), None);
        assert_eq!(usual_on(true, |_| -2.3), Some(14));
        // Ten days far below, then near: the two weeks start at the first three whose median is near.
        assert_eq!(usual_on(false, |day| if day < 10 { -2.3 } else { -0.5 }), Some(24));
        // A single wild day does not restart them.
        assert_eq!(usual_on(false, |day| if day == 7 { -2.3 } else { -0.5 }), Some(14));
    }

    #[test]
    fn two_weeks_are_counted_in_periods() {
        let check = |cadence, expect| assert_eq!(hold(cadence), expect, "{cadence:?}");
        check(Cadence::Hourly, 336);
        check(Cadence::Daily, 14);
        check(Cadence::Weekly, 2);
        check(Cadence::Monthly, 1);
    }
}
