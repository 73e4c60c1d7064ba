//! A weekday, an hour of the day or an hour of the week that changes for good.
//!
//! On the first day, a fallen level and a new rhythm look the same. The days in between tell them apart: in a rhythm,
//! each day is outside the band on its own, and the feed returns after it.

use super::robust::median;

/// How many occasions of the same slot in a row, on one side of the band, make its level known.
const TAUGHT: usize = 3;

/// A partition outside its band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Note {
    pub(super) index: i64,
    /// Its logarithm, minus the effect of the day of the month.
    pub(super) value: f64,
    /// Its distance from the middle of the band.
    pub(super) distance: f64,
    /// The first of the consecutive partitions outside the band that it belongs to.
    pub(super) first: i64,
}

/// Partitions outside the band, by slot of a round, with none of that slot inside since.
#[derive(Clone, Debug)]
pub(super) struct Slots(Vec<Vec<Note>>);

impl Slots {
    pub(super) fn new(round: usize) -> Slots {
        Slots(vec![Vec::new(); round])
    }

    /// After how many periods a slot recurs.
    pub(super) fn round(&self) -> i64 {
        self.0.len() as i64
    }

    fn place(&self, index: i64) -> usize {
        index.rem_euclid(self.0.len().max(1) as i64) as usize
    }

    /// The median distance from the middle, if `now` is the third of its slot in a row on its side, and the feed
    /// returned between any two of them. It also must not follow a longer run of partitions outside the band than the
    /// earlier two did: what begins on a Friday is not a quiet Saturday.
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

    /// Notes a partition outside its band. If the feed has not returned since the slot's last note, this is a level,
    /// not a rhythm.
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

    /// Removes and returns the notes of this slot, oldest first, because it was inside or its level is known.
    pub(super) fn take(&mut self, index: i64) -> Vec<Note> {
        let place = self.place(index);
        self.0.get_mut(place).map(std::mem::take).unwrap_or_default()
    }

    /// Forgets all notes, because every slot has moved to a new level.
    pub(super) fn forget(&mut self) {
        self.0.iter_mut().for_each(Vec::clear);
    }
}
