//! Faults injected into a real past: what the detector would have said if that one day had been different.

use super::detector::{Detector, Verdict};
use super::history::History;
use super::labels::Masks;
use super::mersenne::Mersenne;
use super::replay::{Replay, step};
use super::tally::Score;

/// The one-day faults, by name and the factor applied to all figures of the day.
pub(super) const FAULTS: [(&str, f64); 4] =
    [("zero", 0.0), ("half", 0.5), ("fifth_less", 0.8), ("double", 2.0)];
/// Lasting changes, by their factor.
const SHIFTS: [f64; 2] = [0.55, 1.8];
/// The number of days of a history that get each fault.
const POINTS: usize = 60;
/// The number of days of a history that start a lasting change.
const SHIFT_POINTS: usize = 6;

/// The days of a history on which faults are injected. They depend on the history and the dice, never on what a
/// detector said.
pub(super) struct Plants {
    /// For one-day faults.
    single: Vec<usize>,
    /// First days of changes that last a month.
    lasting: Vec<usize>,
}

impl Plants {
    /// Draws them from the clean days of a history of `n` days, far enough from its ends and from labelled days.
    pub(super) fn draw(clean: &[usize], masks: &Masks, n: usize, dice: &mut Mersenne) -> Plants {
        let known = |day: usize| masks.ignore.contains(&day) || masks.shift.contains(&day);
        let owed = |day: usize| masks.must.contains(&day);
        let around = |day: usize, before: usize, after: usize| day.saturating_sub(before)..day + after;
        let inside = |day: &&usize| 60 <= **day && **day + 31 < n;
        let apart = |day: &&usize| !around(**day, 7, 8).any(owed) && !around(**day, 7, 2).any(known);
        let single: Vec<usize> = clean.iter().filter(inside).filter(apart).copied().collect();
        let quiet_month = |day: &&usize| !around(**day, 0, 30).any(|day| owed(day) || known(day));
        let lasting: Vec<usize> = single.iter().filter(quiet_month).copied().collect();
        Plants { single: dice.sample(&single, POINTS), lasting: dice.sample(&lasting, SHIFT_POINTS) }
    }

    /// Every day with a fault.
    pub(super) fn days(&self) -> impl Iterator<Item = usize> {
        self.single.iter().chain(&self.lasting).copied()
    }
}

/// Injects each fault. The past of such a day is the real one, so each fault continues from the detector's state
/// before that day.
pub(super) fn score<D: Detector>(
    history: &History,
    replayed: &Replay<D>,
    plants: &Plants,
    score: &mut Score,
) {
    let verdict = |detector: &mut D, day: usize, factor: f64| {
        let fact = history.facts.get(day)?;
        step(detector, fact, fact.volume.times(factor)).1
    };
    for (share, (_, factor)) in score.faults.iter_mut().zip(FAULTS) {
        for day in &plants.single {
            let Some(mut detector) = replayed.before.get(day).cloned() else { continue };
            share.count(verdict(&mut detector, *day, factor) == Some(Verdict::Alarm));
        }
    }
    for first in &plants.lasting {
        for factor in SHIFTS {
            let Some(mut detector) = replayed.before.get(first).cloned() else { continue };
            let days = *first..first + 30;
            let alarms: Vec<bool> =
                days.map(|day| verdict(&mut detector, day, factor) == Some(Verdict::Alarm)).collect();
            let (soon, tail) = alarms.split_at(3);
            score.shift_seen.count(soon.contains(&true));
            score.shift_tail.hits += tail.iter().filter(|alarm| **alarm).count();
            score.shift_tail.of += 1;
        }
    }
}
