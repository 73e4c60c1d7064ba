//! A detector goes through a history day by day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::detector::{Detector, Landed, Verdict, Volume};
use super::fact::Fact;
use super::history::start;

/// A detector's verdict on every day, and its state before some of them.
pub(super) struct Replay<D> {
    pub(super) verdicts: Vec<Option<Verdict>>,
    pub(super) due: Vec<Option<Timestamp>>,
    /// By day: the detector's state before that day.
    pub(super) before: BTreeMap<usize, D>,
}

/// One day: the question, then what landed.
pub(super) fn step<D: Detector>(
    detector: &mut D,
    fact: &Fact,
    volume: Volume,
) -> (Option<Timestamp>, Option<Verdict>) {
    let due = detector.due(fact.day);
    if !fact.volume.is_known() && fact.landed_at.is_none() {
        detector.absent(fact.day);
        return (due, None);
    }
    // If only the day is known, it landed at its end.
    let at =
        fact.landed_at.unwrap_or_else(|| start(fact.day) + jiff::SignedDuration::from_mins(23 * 60 + 59));
    (due, Some(detector.judge(Landed { day: fact.day, at, volume })))
}

pub(super) fn replay<D: Detector>(mut detector: D, facts: &[Fact], keep: &BTreeSet<usize>) -> Replay<D> {
    let mut replayed = Replay { verdicts: Vec::new(), due: Vec::new(), before: BTreeMap::new() };
    for (day, fact) in facts.iter().enumerate() {
        if keep.contains(&day) {
            replayed.before.insert(day, detector.clone());
        }
        let (due, verdict) = step(&mut detector, fact, fact.volume);
        replayed.due.push(due);
        replayed.verdicts.push(verdict);
    }
    replayed
}
