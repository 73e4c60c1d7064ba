//! Which partitions come at all.

use std::collections::VecDeque;

use super::forecast::{slot, slot_name};
use crate::partition::{Cadence, Partition};

/// Rounds (weeks of weekdays, days of hours) that are remembered.
const ROUNDS: usize = 8;

/// What came and what did not, lately, by slot.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    recent: VecDeque<(Partition, bool)>,
}

impl Slots {
    pub(super) fn note(&mut self, partition: Partition, came: bool) {
        let most = ROUNDS * if partition.cadence() == Cadence::Hourly { 24 } else { 7 };
        if self.recent.len() >= most {
            self.recent.pop_front();
        }
        self.recent.push_back((partition, came));
    }

    /// Why `next` is not expected; `None` when it is.
    pub(super) fn unexpected(&self, next: Partition) -> Option<String> {
        let of_slot: Vec<bool> =
            self.recent.iter().filter(|(p, _)| slot(*p) == slot(next)).map(|(_, came)| *came).collect();
        if of_slot.len() < 3 || matches!(next.cadence(), Cadence::Weekly | Cadence::Monthly) {
            return None;
        }
        let came = of_slot.iter().filter(|came| **came).count();
        // An outage silences every slot: compare with the others, which came when this one did not.
        let others = self.recent.iter().filter(|(p, _)| slot(*p) != slot(next));
        let (mut all, mut there) = (0usize, 0usize);
        for (_, came) in others {
            all += 1;
            there += usize::from(*came);
        }
        let usual = there * 10 >= all * 7;
        let share = came as f64 / of_slot.len() as f64;
        (usual && share < 0.65)
            .then(|| format!("not expected: {came} of the last {} {} came", of_slot.len(), slot_name(next)))
    }
}
