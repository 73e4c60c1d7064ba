//! Which remedies to run, and which have run: pure.
//!
//! A run is pending from the verdict that needs it until it has been made, once; it is claimed while a call makes it.
//! If the partition recovers first, the run is dropped.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::partition::Partition;
use lakegauge_core::remediation::RemedyRun;
use serde::{Deserialize, Serialize};

/// A claim older than this was left behind by a call that died; a call cannot last longer.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// A run that failed for this long is given up: a repair of yesterday's data is no longer useful.
const GIVE_UP: SignedDuration = SignedDuration::from_hours(24);

/// The remedy runs of one dataset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Entry {
    run: RemedyRun,
    /// When it became pending.
    since: Timestamp,
    #[serde(alias = "stands")]
    state: RunState,
    /// Whether the partition recovered before it ran.
    recovered: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RunState {
    #[serde(alias = "owed")]
    Pending,
    #[serde(alias = "taken")]
    Claimed(Timestamp),
    Done(Timestamp),
}

impl Ledger {
    /// After a new verdict on `partition` that needs `runs` (of any partition).
    pub(crate) fn judged(&mut self, partition: Partition, runs: &[RemedyRun], now: Timestamp) {
        let asked: Vec<&RemedyRun> = runs.iter().filter(|run| run.evidence.partition == partition).collect();
        for entry in self.entries.iter_mut().filter(|entry| entry.run.evidence.partition == partition) {
            let again = asked.iter().find(|run| run.same_incident(&entry.run));
            entry.recovered = again.is_none();
            if let (Some(run), RunState::Pending) = (again, entry.state) {
                entry.run = (*run).clone();
            }
        }
        let is_new = |run: &&RemedyRun| !self.entries.iter().any(|entry| entry.run.same_incident(run));
        let new: Vec<RemedyRun> = asked.into_iter().filter(is_new).cloned().collect();
        let entry = |run| Entry { run, since: now, state: RunState::Pending, recovered: false };
        self.entries.extend(new.into_iter().map(entry));
        self.entries.retain(|entry| !(entry.recovered && entry.state == RunState::Pending));
    }

    /// After a look that saw these partitions land and does not report them otherwise: they are no longer missing or
    /// late.
    pub(crate) fn landed(&mut self, partitions: &BTreeSet<Partition>) {
        // A silence lasts although the partition that it follows has landed.
        let awaited = |run: &RemedyRun| {
            let metric = run.evidence.metric;
            metric.is_overdue() && !metric.is_of_dataset()
        };
        for entry in self.entries.iter_mut().filter(|entry| awaited(&entry.run)) {
            entry.recovered |= partitions.contains(&entry.run.evidence.partition);
        }
        self.entries.retain(|entry| !(entry.recovered && entry.state == RunState::Pending));
    }

    /// The partitions with remembered runs.
    pub(crate) fn partitions(&self) -> BTreeSet<Partition> {
        self.entries.iter().map(|entry| entry.run.evidence.partition).collect()
    }

    /// The runs to make now, and the ledger that claims them. Runs that could not be made in time are given up.
    pub(crate) fn claim(&self, now: Timestamp) -> (Ledger, Vec<RemedyRun>, Vec<RemedyRun>) {
        let (mut next, mut runs, mut given_up) = (self.clone(), Vec::new(), Vec::new());
        next.entries.retain_mut(|entry| {
            let free = match entry.state {
                RunState::Pending => true,
                RunState::Claimed(at) => now.duration_since(at) >= LEASE,
                RunState::Done(_) => false,
            };
            if !free || entry.recovered {
                return !free;
            }
            if now.duration_since(entry.since) >= GIVE_UP {
                given_up.push(entry.run.clone());
                return false;
            }
            entry.state = RunState::Claimed(now);
            runs.push(entry.run.clone());
            true
        });
        (next, runs, given_up)
    }

    /// After a run was made, or failed.
    pub(crate) fn ran(&self, run: &RemedyRun, made: bool, now: Timestamp) -> Ledger {
        let mut next = self.clone();
        for entry in next.entries.iter_mut().filter(|entry| entry.run.same_incident(run)) {
            entry.state = if made { RunState::Done(now) } else { RunState::Pending };
        }
        next.entries.retain(|entry| !(entry.recovered && entry.state == RunState::Pending));
        next
    }

    /// Removes partitions before `first`.
    pub(crate) fn forget_before(&mut self, first: Partition) {
        self.entries.retain(|entry| entry.run.evidence.partition >= first);
    }

    /// Whether there are no runs.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use lakegauge_core::alarm::{Bounds, Severity, State};
    use lakegauge_core::lifecycle::PartitionState;
    use lakegauge_core::metric::Metric;
    use lakegauge_core::remediation::{Evidence, Target, VERSION, run_id};

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(60 * minute).unwrap()
    }

    fn run(day: &str, metric: Metric) -> RemedyRun {
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
        RemedyRun { target: Target::Function, evidence }
    }

    fn after(verdicts: &[&[RemedyRun]]) -> Ledger {
        let mut ledger = Ledger::default();
        for runs in verdicts {
            ledger.judged(Partition::parse("2026-11-21").unwrap(), runs, at(0));
        }
        ledger
    }

    #[test]
    fn a_remedy_runs_once_per_incident() {
        let late = run("2026-11-21", Metric::Late);
        let ledger = after(&[std::slice::from_ref(&late)]);
        let (taken, runs, _) = ledger.claim(at(1));
        assert_eq!(runs, std::slice::from_ref(&late));
        assert_eq!(taken.claim(at(2)).1, [], "claimed");
        assert_eq!(taken.claim(at(6)).1, std::slice::from_ref(&late), "the claim expired");
        let mut done = taken.ran(&late, true, at(2));
        assert_eq!(done.claim(at(9)).1, []);
        // The partition recovers and fails again; the remedy has run already.
        let day = Partition::parse("2026-11-21").unwrap();
        done.judged(day, &[], at(10));
        done.judged(day, std::slice::from_ref(&late), at(11));
        assert_eq!(done.claim(at(12)).1, []);
        // Another metric and another partition are other incidents.
        let (size, next) = (run("2026-11-21", Metric::TotalFileSize), run("2026-11-22", Metric::Late));
        done.judged(day, &[late, size.clone(), next.clone()], at(13));
        done.judged(next.evidence.partition, std::slice::from_ref(&next), at(13));
        assert_eq!(done.claim(at(14)).1, [size, next]);
        done.forget_before(Partition::parse("2026-11-23").unwrap());
        assert!(done.is_empty());
    }

    #[test]
    fn a_partition_that_recovers_first_runs_nothing() {
        let late = run("2026-11-21", Metric::Late);
        let late = std::slice::from_ref(&late);
        assert!(after(&[late, &[]]).is_empty());
        assert_eq!(after(&[late, &[], late]).claim(at(1)).1, late);
        // The partition recovers while the run fails: it is not retried.
        let (mut taken, ..) = after(&[late]).claim(at(1));
        taken.judged(late[0].evidence.partition, &[], at(1));
        assert!(taken.ran(&late[0], false, at(2)).is_empty());
        assert_eq!(taken.claim(at(9)), (Ledger::default(), vec![], vec![]));
    }

    #[test]
    fn a_landed_partition_is_not_awaited() {
        let [late, size, stale] =
            [Metric::Late, Metric::TotalFileSize, Metric::Stale].map(|metric| run("2026-11-21", metric));
        let mut ledger = after(&[&[late, size.clone(), stale.clone()]]);
        ledger.landed(&[Partition::parse("2026-11-20").unwrap()].into());
        assert_eq!(ledger.claim(at(1)).1.len(), 3);
        ledger.landed(&ledger.partitions());
        assert_eq!(ledger.claim(at(1)).1, [size, stale], "the size is still wrong, and nothing newer came");
    }

    #[test]
    fn failed_runs_are_retried_for_a_day() {
        let late = run("2026-11-21", Metric::Late);
        let mut ledger = after(&[std::slice::from_ref(&late)]);
        for minute in [1, 2, 60, 1_439] {
            let (taken, runs, given_up) = ledger.claim(at(minute));
            assert_eq!((runs.len(), given_up.len()), (1, 0), "{minute}");
            ledger = taken.ran(&late, false, at(minute));
        }
        assert_eq!(ledger.claim(at(1_440)), (Ledger::default(), vec![], vec![late]));
    }
}
