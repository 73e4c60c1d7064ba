//! A weekday, an hour of the day or of the week that is different from now on.
//!
//! A level that falls and a rhythm that begins look the same on the first day. They differ in what lies between: a rhythm's
//! days are each outside of the band by themselves, and the feed returns after each of them.

use super::robust::median;

/// Same slots in a row, on one side of the band, after which their level is known.
const TAUGHT: usize = 3;

/// A partition outside of its band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Note {
    pub(super) index: i64,
    /// Its logarithm, less the effect of the day of the month.
    pub(super) value: f64,
    /// Less the middle of the band.
    pub(super) distance: f64,
    /// The first of the partitions outside of the band that it was in a row with.
    pub(super) first: i64,
}

/// What was outside of the band, by slot of a round, none of that slot inside since.
#[derive(Clone, Debug)]
pub(super) struct Slots(Vec<Vec<Note>>);

impl Slots {
    pub(super) fn new(round: usize) -> Slots {
        Slots(vec![Vec::new(); round])
    }

    /// After how many periods a slot comes again.
    pub(super) fn round(&self) -> i64 {
        self.0.len() as i64
    }

    fn place(&self, index: i64) -> usize {
        index.rem_euclid(self.0.len().max(1) as i64) as usize
    }

    /// The median distance from the middle, when `now` is the third of its slot in a row on its side, and between any two of
    /// them the feed had returned. Nor may more partitions before it be outside of the band than before those: what begins
    /// on a Friday is no quiet Saturday.
    pub(super) fn third(&self, now: &Note) -> Option<f64> {
        let notes = self.0.get(self.place(now.index))?;
        let same = notes.iter().rev().filter(|n| (n.distance < 0.0) == (now.distance < 0.0));
        let lead = |n: &Note| n.index - n.first;
        let mut distances = [now.distance; TAUGHT];
        let (mut n, mut leads, mut later) = (1, 0, now.first);
        for (cell, note) in distances.iter_mut().skip(1).zip(same) {
            if note.first == later {
                return None;
            }
            (*cell, later) = (note.distance, note.first);
            leads = leads.max(lead(note));
            n += 1;
        }
        if n < TAUGHT || lead(now) > leads + self.round() / 8 { None } else { median(&mut distances) }
    }

    /// Notes a partition outside of its band. One that was outside without a return for the whole round tells of a level.
    pub(super) fn note(&mut self, note: Note) {
        let place = self.place(note.index);
        let Some(notes) = self.0.get_mut(place) else { return };
        notes.retain(|n| (n.distance < 0.0) == (note.distance < 0.0));
        if notes.last().is_some_and(|last| last.first == note.first) {
            notes.pop();
            return;
        }
        notes.push(note);
        if notes.len() >= TAUGHT {
            notes.remove(0);
        }
    }

    /// What was noted of this slot, oldest first: it was inside, or its level is known.
    pub(super) fn take(&mut self, index: i64) -> Vec<Note> {
        let place = self.place(index);
        self.0.get_mut(place).map(std::mem::take).unwrap_or_default()
    }

    /// Every slot has moved to a new level.
    pub(super) fn forget(&mut self) {
        self.0.iter_mut().for_each(Vec::clear);
    }
}
