//! How often a landing followed periods that should have come but did not.

use std::collections::VecDeque;

use super::presence::Presence;

/// How many landings are remembered: a fault of the month before last says nothing about this week.
const RECENT: usize = 32;
/// With fewer skips than this, each absence is reported.
const SELDOM: u32 = 4;
/// Nor is skipping a habit if fewer than one in this many landings followed a skip.
const ONE_IN: u32 = 4;
/// The same for a job that a person runs, whose days off follow no calendar.
const SELDOM_BY_HAND: u32 = 2;
/// A run of absences is reported when it is less probable than this.
const NEWS: f64 = 0.01;

/// The periods that were skipped before each of the last landings, oldest first; empty where there were none.
#[derive(Clone, Debug)]
pub(super) struct Skips(VecDeque<Vec<i64>>);

/// How many of the last landings followed a skip, and of how many landings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Skipped {
    pub(super) skips: u32,
    pub(super) of: u32,
}

impl Skips {
    pub(super) fn new() -> Skips {
        Skips(VecDeque::with_capacity(RECENT + 1))
    }

    /// A partition landed after the periods `skipped`, each of which was expected then.
    pub(super) fn landed(&mut self, skipped: Vec<i64>) {
        self.0.push_back(skipped);
        if self.0.len() > RECENT {
            self.0.pop_front();
        }
    }

    /// Once a slot is known to rest, its absences of the past are no skips.
    pub(super) fn count(&self, presence: &Presence) -> Skipped {
        let skip = |gap: &&Vec<i64>| gap.iter().any(|at| presence.seldom(*at).is_none());
        Skipped { skips: self.0.iter().filter(skip).count() as u32, of: self.0.len() as u32 }
    }
}

impl Skipped {
    /// Whether landings are skipped so often that a single absence means little.
    pub(super) fn is_habit(self) -> bool {
        self.skips >= SELDOM && self.skips * ONE_IN >= self.of
    }

    /// The same where a person runs the job.
    pub(super) fn is_habit_by_hand(self) -> bool {
        self.skips >= SELDOM_BY_HAND
    }

    /// Whether a period that has not come, right after `run` others, may be skips like the earlier ones.
    pub(super) fn explains(self, run: i32) -> bool {
        (f64::from(self.skips) / f64::from(self.of.max(1))).powi(run + 1) > NEWS
    }
}
