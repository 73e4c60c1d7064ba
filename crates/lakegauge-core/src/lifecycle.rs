//! The life cycle of a partition.
//!
//! expected → arriving → landed; when the deadline passes first: late (something is there) or missing (nothing is);
//! a landed partition of which nothing is left is deleted.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dataset::{LandedWhen, SUCCESS};
use crate::observation::PartitionLook;
use crate::record::{PartitionRecord, Records};

/// Where a partition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionState {
    /// Nothing is there, and the deadline has not passed.
    Expected,
    /// Something is there, not complete, and the deadline has not passed.
    Arriving,
    /// Complete.
    Landed,
    /// The deadline has passed and it is not complete.
    Late,
    /// The deadline has passed and nothing is there.
    Missing,
    /// It had landed, and nothing is left.
    Deleted,
}

impl PartitionState {
    /// The word of the JSON output.
    pub fn name(self) -> &'static str {
        match self {
            PartitionState::Expected => "expected",
            PartitionState::Arriving => "arriving",
            PartitionState::Landed => "landed",
            PartitionState::Late => "late",
            PartitionState::Missing => "missing",
            PartitionState::Deleted => "deleted",
        }
    }
}

/// What says that a partition of this dataset is complete, once inference has been settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The rule.
    pub rule: CompletionRule,
    /// Where the rule comes from, for people.
    pub evidence: String,
}

/// The rule of a [`Completion`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompletionRule {
    /// The named marker must be there.
    Marker(String),
    /// No write for this long.
    Quiet(SignedDuration),
}

/// Seconds of quiescence that stand for completeness where neither config nor history names a marker.
const QUIET_SECONDS: i64 = 600;
/// How many recent partitions inference looks at.
const INFER_FROM: usize = 30;

/// Settles what completeness means. `Inferred` asks history: a `_SUCCESS` marker when at least 80 % of the last
/// 30 landed partitions have one, ten minutes of quiescence otherwise.
pub fn completion(landed_when: &LandedWhen, records: &Records) -> Completion {
    match landed_when {
        LandedWhen::Marker(marker) => Completion {
            rule: CompletionRule::Marker(marker.to_string()),
            evidence: "set in the config".to_owned(),
        },
        LandedWhen::Quiet { seconds } => Completion {
            rule: CompletionRule::Quiet(SignedDuration::from_secs(*seconds)),
            evidence: "set in the config".to_owned(),
        },
        LandedWhen::Inferred => infer(records),
    }
}

fn infer(records: &Records) -> Completion {
    let past: Vec<&PartitionLook> =
        records.values().rev().filter_map(|r| r.landed.as_ref()).take(INFER_FROM).collect();
    let marked = past.iter().filter(|look| look.marker.is_some()).count();
    if past.len() >= 3 && marked * 5 >= past.len() * 4 {
        let evidence = format!("{SUCCESS} is in {marked} of the last {} partitions", past.len());
        return Completion { rule: CompletionRule::Marker(SUCCESS.to_owned()), evidence };
    }
    let evidence = match past.len() {
        0..3 => "too few partitions to infer a marker from".to_owned(),
        n => format!("{SUCCESS} is in {marked} of the last {n} partitions"),
    };
    Completion { rule: CompletionRule::Quiet(SignedDuration::from_secs(QUIET_SECONDS)), evidence }
}

impl Completion {
    /// When the partition that `look` saw was complete, if it is. With a marker, its own time; by quiescence, the
    /// last write, once it is old enough.
    pub fn landed_at(&self, look: &PartitionLook, now: Timestamp) -> Option<Timestamp> {
        match &self.rule {
            CompletionRule::Marker(_) => look.marker,
            CompletionRule::Quiet(quiet) => {
                let last = look.last_write.max(look.marker)?;
                (now.duration_since(last) >= *quiet).then_some(last)
            }
        }
    }

    /// Whether a partition that is not complete yet may turn out to have been so by `due`: its last write came in time, and
    /// quiescence has not passed since.
    fn may_be_in_time(&self, look: &PartitionLook, due: Timestamp) -> bool {
        match &self.rule {
            CompletionRule::Marker(_) => false,
            CompletionRule::Quiet(_) => look.last_write.max(look.marker).is_some_and(|last| last <= due),
        }
    }

    /// What is waited for, to be put behind "no … by 04:30".
    pub fn waits_for(&self) -> String {
        match &self.rule {
            CompletionRule::Marker(name) => name.clone(),
            CompletionRule::Quiet(quiet) => format!("pause of {} min without a write", quiet.as_mins()),
        }
    }
}

/// What a look said about one partition.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// Something is there.
    Something(&'a PartitionLook),
    /// Nothing is there.
    Nothing,
}

/// Advances a record by what was seen. `due_at` is its deadline, `None` when it has none (yet).
pub fn advance(
    record: &PartitionRecord,
    seen: Seen<'_>,
    completion: &Completion,
    due_at: Option<Timestamp>,
    now: Timestamp,
) -> PartitionRecord {
    let mut next = PartitionRecord { due_at, seen_at: now, ..record.clone() };
    let overdue = due_at.is_some_and(|due| now > due);
    match seen {
        Seen::Something(look) => {
            next.look = Some(look.clone());
            match (record.landed_at, completion.landed_at(look, now)) {
                (Some(_), _) => next.state = PartitionState::Landed,
                (None, Some(at)) => {
                    next.state = PartitionState::Landed;
                    next.landed_at = Some(at);
                    next.landed = Some(look.clone());
                }
                (None, None) if overdue && look.objects == 0 => next.state = PartitionState::Missing,
                (None, None)
                    if overdue && !due_at.is_some_and(|due| completion.may_be_in_time(look, due)) =>
                {
                    next.state = PartitionState::Late;
                }
                (None, None) => next.state = PartitionState::Arriving,
            }
        }
        Seen::Nothing => {
            next.look = None;
            next.state = match (record.landed_at, overdue) {
                (Some(_), _) => PartitionState::Deleted,
                (None, true) => PartitionState::Missing,
                (None, false) => PartitionState::Expected,
            };
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::LookFold;
    use crate::partition::Partition;

    fn look(marker: bool) -> PartitionLook {
        let mut fold = LookFold::new(Some(SUCCESS));
        fold.push("part-0", 10, Timestamp::from_second(1_000).unwrap());
        if marker {
            fold.push(SUCCESS, 0, Timestamp::from_second(1_100).unwrap());
        }
        fold.finish()
    }

    #[test]
    fn states_follow_marker_deadline_and_quiescence() {
        let marker = Completion { rule: CompletionRule::Marker(SUCCESS.to_owned()), evidence: String::new() };
        let quiet = Completion {
            rule: CompletionRule::Quiet(SignedDuration::from_secs(600)),
            evidence: String::new(),
        };
        let check = |seen: Option<bool>, completion: &Completion, now: i64, expect: PartitionState| {
            let at = Timestamp::from_second(now).unwrap();
            let due = Timestamp::from_second(2_000).ok();
            let record = PartitionRecord::new(Partition::parse("2026-01-01").unwrap(), at);
            let look = seen.map(look);
            let seen = look.as_ref().map_or(Seen::Nothing, Seen::Something);
            let next = advance(&record, seen, completion, due, at);
            assert_eq!(next.state, expect, "{seen:?} at {now}");
            // What has landed stays landed, and is deleted when nothing is left.
            if next.state == PartitionState::Landed {
                assert_eq!(advance(&next, Seen::Nothing, completion, due, at).state, PartitionState::Deleted);
            }
        };
        check(None, &marker, 1_500, PartitionState::Expected);
        check(None, &marker, 2_000, PartitionState::Expected);
        check(None, &marker, 2_001, PartitionState::Missing);
        check(Some(false), &marker, 1_500, PartitionState::Arriving);
        check(Some(false), &marker, 2_001, PartitionState::Late);
        check(Some(true), &marker, 2_001, PartitionState::Landed);
        check(Some(false), &quiet, 1_599, PartitionState::Arriving);
        check(Some(false), &quiet, 1_600, PartitionState::Landed);
    }

    /// The last write is of 1,000.
    #[test]
    fn what_was_written_in_time_is_not_late_before_quiescence_has_shown_it() {
        let quiet = Completion {
            rule: CompletionRule::Quiet(SignedDuration::from_secs(600)),
            evidence: String::new(),
        };
        let check = |due: i64, now: i64, expect: PartitionState| {
            let at = Timestamp::from_second(now).unwrap();
            let record = PartitionRecord::new(Partition::parse("2026-01-01").unwrap(), at);
            let next =
                advance(&record, Seen::Something(&look(false)), &quiet, Timestamp::from_second(due).ok(), at);
            assert_eq!(next.state, expect, "due {due}, now {now}");
        };
        check(1_000, 1_001, PartitionState::Arriving);
        check(1_200, 1_500, PartitionState::Arriving);
        check(1_200, 1_600, PartitionState::Landed);
        check(999, 1_001, PartitionState::Late);
    }
}
