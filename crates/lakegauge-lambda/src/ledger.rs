//! Runs of remedies, remembered until nobody asks for them again: pure.
//!
//! A run is owed from the verdict that asks for it until it was made, once; taken while somebody makes it. A partition
//! that recovers first is owed nothing.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::remedy::Run;
use serde::{Deserialize, Serialize};

/// A run that was taken for so long was left behind by a call that died: longer than a call may last.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// What could not be run for so long is given up: nobody wants yesterday's repair.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(24);

/// The runs of one dataset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    run: Run,
    /// When it was first owed.
    since: Timestamp,
    stands: Stands,
    /// The partition recovered before it was run.
    recovered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Stands {
    Owed,
    Taken(Timestamp),
    Done(Timestamp),
}

impl Ledger {
    /// After a new verdict on `partition` that asks for `runs` (of any partition).
    pub(crate) fn judged(&mut self, partition: Partition, runs: &[Run], now: Timestamp) {
        let asked: Vec<&Run> = runs.iter().filter(|run| run.evidence.partition == partition).collect();
        for entry in self.entries.iter_mut().filter(|entry| entry.run.evidence.partition == partition) {
            let again = asked.iter().find(|run| run.is_of(&entry.run));
            entry.recovered = again.is_none();
            if let (Some(run), Stands::Owed) = (again, entry.stands) {
                entry.run = (*run).clone();
            }
        }
        let is_new = |run: &&Run| !self.entries.iter().any(|entry| entry.run.is_of(run));
        let new: Vec<Run> = asked.into_iter().filter(is_new).cloned().collect();
        let entry = |run| Entry { run, since: now, stands: Stands::Owed, recovered: false };
        self.entries.extend(new.into_iter().map(entry));
        self.entries.retain(|entry| !(entry.recovered && entry.stands == Stands::Owed));
    }

    /// After a look that saw these partitions landed and says no more of them: what was missing or late is so no more.
    pub(crate) fn landed(&mut self, partitions: &BTreeSet<Partition>) {
        let awaited = |run: &Run| matches!(run.evidence.metric, Metric::Missing | Metric::Late);
        for entry in self.entries.iter_mut().filter(|entry| awaited(&entry.run)) {
            entry.recovered |= partitions.contains(&entry.run.evidence.partition);
        }
        self.entries.retain(|entry| !(entry.recovered && entry.stands == Stands::Owed));
    }

    /// The partitions that runs are remembered of.
    pub(crate) fn partitions(&self) -> BTreeSet<Partition> {
        self.entries.iter().map(|entry| entry.run.evidence.partition).collect()
    }

    /// The runs to make now, and the ledger in which they are taken. What nobody could make in time is given up.
    pub(crate) fn taken(&self, now: Timestamp) -> (Ledger, Vec<Run>, Vec<Run>) {
        let (mut next, mut runs, mut given_up) = (self.clone(), Vec::new(), Vec::new());
        next.entries.retain_mut(|entry| {
            let free = match entry.stands {
                Stands::Owed => true,
                Stands::Taken(at) => now.duration_since(at) >= LEASE,
                Stands::Done(_) => false,
            };
            if !free || entry.recovered {
                return !free;
            }
            if now.duration_since(entry.since) >= GIVE_UP {
                given_up.push(entry.run.clone());
                return false;
            }
            entry.stands = Stands::Taken(now);
            runs.push(entry.run.clone());
            true
        });
        (next, runs, given_up)
    }

    /// After a run was made, or could not be.
    pub(crate) fn ran(&self, run: &Run, made: bool, now: Timestamp) -> Ledger {
        let mut next = self.clone();
        for entry in next.entries.iter_mut().filter(|entry| entry.run.is_of(run)) {
            entry.stands = if made { Stands::Done(now) } else { Stands::Owed };
        }
        next.entries.retain(|entry| !(entry.recovered && entry.stands == Stands::Owed));
        next
    }

    /// Without partitions before `first`.
    pub(crate) fn forget_before(&mut self, first: Partition) {
        self.entries.retain(|entry| entry.run.evidence.partition >= first);
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use lakegauge_core::alarm::{Bounds, Severity, State};
    use lakegauge_core::lifecycle::PartitionState;
    use lakegauge_core::remedy::{Evidence, Target, VERSION, run_id};

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(60 * minute).unwrap()
    }

    fn run(day: &str, metric: Metric) -> Run {
        let partition = Partition::parse(day).unwrap();
        let evidence = Evidence {
            version: VERSION,
            id: run_id("sales", partition, metric),
            dataset: "sales".to_owned(),
            partition,
            partition_state: PartitionState::Late,
            metric,
            state: State::Alarm,
            severity: Severity::Critical,
            observed: Some(1.0),
            expected: Bounds { low: None, high: Some(0.0) },
            reason: "late".to_owned(),
            judged_at: at(0),
            due_at: None,
            landed_at: None,
            metrics: [].into(),
            owner: None,
            runbook: None,
            link: None,
        };
        Run { target: Target::Function, evidence }
    }

    fn after(verdicts: &[&[Run]]) -> Ledger {
        let mut ledger = Ledger::default();
        for runs in verdicts {
            ledger.judged(Partition::parse("2026-11-21").unwrap(), runs, at(0));
        }
        ledger
    }

    #[test]
    fn an_incident_is_run_once() {
        let late = run("2026-11-21", Metric::Late);
        let ledger = after(&[std::slice::from_ref(&late)]);
        let (taken, runs, _) = ledger.taken(at(1));
        assert_eq!(runs, std::slice::from_ref(&late));
        assert_eq!(taken.taken(at(2)).1, [], "somebody is at it");
        assert_eq!(taken.taken(at(6)).1, std::slice::from_ref(&late), "and died");
        let mut done = taken.ran(&late, true, at(2));
        assert_eq!(done.taken(at(9)).1, []);
        // It recovers and comes back, and has had its run.
        let day = Partition::parse("2026-11-21").unwrap();
        done.judged(day, &[], at(10));
        done.judged(day, std::slice::from_ref(&late), at(11));
        assert_eq!(done.taken(at(12)).1, []);
        // Another metric and another partition are other incidents.
        let (size, next) = (run("2026-11-21", Metric::TotalFileSize), run("2026-11-22", Metric::Late));
        done.judged(day, &[late, size.clone(), next.clone()], at(13));
        done.judged(next.evidence.partition, std::slice::from_ref(&next), at(13));
        assert_eq!(done.taken(at(14)).1, [size, next]);
        done.forget_before(Partition::parse("2026-11-23").unwrap());
        assert!(done.is_empty());
    }

    #[test]
    fn what_recovers_first_is_owed_nothing() {
        let late = run("2026-11-21", Metric::Late);
        let late = std::slice::from_ref(&late);
        assert!(after(&[late, &[]]).is_empty());
        assert_eq!(after(&[late, &[], late]).taken(at(1)).1, late);
        // It recovers while the run fails: nobody tries again.
        let (mut taken, ..) = after(&[late]).taken(at(1));
        taken.judged(late[0].evidence.partition, &[], at(1));
        assert!(taken.ran(&late[0], false, at(2)).is_empty());
        assert_eq!(taken.taken(at(9)), (Ledger::default(), vec![], vec![]));
    }

    #[test]
    fn what_has_landed_is_not_awaited() {
        let (late, size) = (run("2026-11-21", Metric::Late), run("2026-11-21", Metric::TotalFileSize));
        let mut ledger = after(&[&[late, size.clone()]]);
        ledger.landed(&[Partition::parse("2026-11-20").unwrap()].into());
        assert_eq!(ledger.taken(at(1)).1.len(), 2);
        ledger.landed(&ledger.partitions());
        assert_eq!(ledger.taken(at(1)).1, [size], "a size that is wrong is wrong still");
    }

    #[test]
    fn what_fails_is_tried_again_for_a_day() {
        let late = run("2026-11-21", Metric::Late);
        let mut ledger = after(&[std::slice::from_ref(&late)]);
        for minute in [1, 2, 60, 1_439] {
            let (taken, runs, given_up) = ledger.taken(at(minute));
            assert_eq!((runs.len(), given_up.len()), (1, 0), "{minute}");
            ledger = taken.ran(&late, false, at(minute));
        }
        assert_eq!(ledger.taken(at(1_440)), (Ledger::default(), vec![], vec![late]));
    }
}
