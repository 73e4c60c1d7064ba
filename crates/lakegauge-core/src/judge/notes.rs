//! Notes on a report: why a partition that was requested by name is not judged, that a clock is wrong, and that a
//! dataset counts as stopped.

use jiff::{SignedDuration, Timestamp};

use super::past::{Slot, Timeline};
use super::question::Question;
use crate::lifecycle::PartitionState;
use crate::observation::PartitionLook;
use crate::partition::Partition;
use crate::scope::Wanted;
use crate::verdict::PartitionReport;

/// All of them; `reported` are the partitions of the report.
pub(super) fn notes(
    question: &Question<'_>,
    timeline: &Timeline,
    reported: &[PartitionReport],
) -> Vec<String> {
    let named = match question.wanted {
        // A gap already explains what could not be seen.
        Wanted::Named(named) if question.observation.gaps.is_empty() => not_judged(question, timeline, named),
        _ => Vec::new(),
    };
    named.into_iter().chain(clocks(timeline, question.now)).chain(ended(timeline, reported)).collect()
}

/// Why named partitions are not judged.
fn not_judged(question: &Question<'_>, timeline: &Timeline, named: &[Partition]) -> Vec<String> {
    let first = timeline.first_that_came();
    let mut notes = Vec::new();
    for partition in named {
        let slot = timeline.get(*partition);
        if slot.is_some_and(|slot| slot.record.state != PartitionState::Expected) {
            continue;
        }
        let begins = partition.start_in(&question.dataset.zone);
        let why = match first {
            _ if begins > question.now => "its period has not begun yet".to_owned(),
            Some(first) if *partition < first => {
                format!("nothing was expected yet: the first partition is {first}")
            }
            _ => match slot {
                Some(slot) => slot.owed.reason(),
                None => "nothing is known about it".to_owned(),
            },
        };
        notes.push(format!("{partition} is not judged: {why}"));
    }
    notes
}

/// How far two clocks may differ before it is worth a note.
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// How many of the newest partitions are checked for write times in the future.
const NEWEST: usize = 4;

/// If something was written in the future, one of two clocks is wrong, or a person set the time of a file. Until that
/// time, such a partition counts as being written.
fn clocks(timeline: &Timeline, now: Timestamp) -> Option<String> {
    let written = |slot: &Slot| slot.record.look.as_ref().and_then(PartitionLook::written);
    let ahead = |slot: &Slot| written(slot).filter(|at| at.duration_since(now) > SKEW);
    let newest = timeline.begun().rev().take(NEWEST);
    let (partition, at) = newest.filter_map(|(p, slot)| Some((*p, ahead(slot)?))).next()?;
    let at = at.strftime("%Y-%m-%d %H:%M UTC");
    Some(format!(
        "{partition} was written at {at}, which is in the future: check this machine's clock and that of the store"
    ))
}

/// If the newest judged partition is missing and no later one is expected, why: its alarm stays.
fn ended(timeline: &Timeline, reported: &[PartitionReport]) -> Option<String> {
    let (next, owed) = timeline.next();
    let newest = timeline.judged().next();
    let missing = |p: &&PartitionReport| Some(p.partition) == newest && p.state == PartitionState::Missing;
    let last = reported.first().filter(missing)?;
    let stopped = owed.at.is_none() && next > last.partition;
    stopped.then(|| format!("no later partition is expected; {next}: {}", owed.reason()))
}
