//! Sentences about a partition's life, and the notes beside a report.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::dataset::Dataset;
use crate::judge::{Slot, Timeline};
use crate::lifecycle::PartitionState;
use crate::metric::{Metric, Unit};
use crate::quantity;

/// How many partitions back gaps are told of.
const GAPS_OVER: usize = 30;

/// The sentence of an alarm on the partition's life; `None` where the evaluation's own says it best.
pub(super) fn of_state(
    dataset: &Dataset,
    timeline: &Timeline,
    slot: &Slot,
    metric: Metric,
) -> Option<String> {
    let record = &slot.record;
    match (metric, record.state) {
        (Metric::Late, PartitionState::Late) => Some(late(dataset, timeline, slot)),
        (Metric::Missing, PartitionState::Missing) => Some(missing(dataset, slot)),
        (Metric::Late, PartitionState::Landed) => landed(dataset, slot),
        (Metric::Shrunk, PartitionState::Deleted) => {
            let lost = record.landed.as_ref().map_or(0, |look| look.bytes);
            Some(format!("deleted: {} had landed, nothing is left", bytes(lost)))
        }
        (Metric::Rewritten, PartitionState::Landed) if slot.is_rewritten() => {
            let (was, is) = (record.landed.as_ref()?, record.look.as_ref()?);
            // Where objects were only taken away, nothing was written.
            let how = match is.last_write.filter(|at| was.last_write.is_none_or(|before| *at > before)) {
                Some(at) => format!("written again {}", local(at, &dataset.zone)),
                None => "changed".to_owned(),
            };
            let usual = super::alarms::rewriting_is_usual(timeline, record.partition);
            let usual = if usual { ", as is usual here" } else { "" };
            Some(format!(
                "{how} after it had landed: {} in {} became {} in {}{usual}",
                bytes(was.bytes),
                objects(was.objects),
                bytes(is.bytes),
                is.objects
            ))
        }
        _ => None,
    }
}

/// `1 object`, `7 objects`.
fn objects(count: u64) -> String {
    format!("{count} object{}", if count == 1 { "" } else { "s" })
}

fn late(dataset: &Dataset, timeline: &Timeline, slot: &Slot) -> String {
    let zone = &dataset.zone;
    let due = slot.record.due_at.map_or_else(|| "its deadline".to_owned(), |t| local(t, zone));
    let awaited = timeline.completion().waits_for();
    match &slot.record.look {
        Some(look) => {
            let last =
                look.last_write.map_or(String::new(), |t| format!(", last written {}", local(t, zone)));
            format!(
                "not complete by {due} (no {awaited}): {} in {} so far{last}",
                bytes(look.bytes),
                objects(look.objects)
            )
        }
        None => format!("not complete by {due} (no {awaited})"),
    }
}

fn missing(dataset: &Dataset, slot: &Slot) -> String {
    let due = slot.record.due_at.map_or_else(|| "its deadline".to_owned(), |t| local(t, &dataset.zone));
    format!("nothing is there; due {due} ({})", slot.owed.reason)
}

fn landed(dataset: &Dataset, slot: &Slot) -> Option<String> {
    let landed = slot.record.landed_at?;
    let at = local(landed, &dataset.zone);
    if !slot.record.arrival_known {
        return Some(format!("written {at} together with many others: when it first landed is not known"));
    }
    let Some(due) = slot.record.due_at else { return Some(format!("landed {at}; {}", slot.owed.reason)) };
    let margin = quantity::format(landed.duration_since(due).abs().as_secs_f64(), Unit::Seconds);
    Some(if landed > due {
        format!("landed {at}, {margin} late")
    } else {
        format!("landed {at}, {margin} early")
    })
}

/// What is worth knowing beside the judged partitions.
pub(super) fn notes(dataset: &Dataset, timeline: &Timeline, now: Timestamp) -> Vec<String> {
    let mut notes = Vec::new();
    if !timeline.copied().is_empty() {
        let count = timeline.copied().len();
        notes.push(format!(
            "{count} partitions were written together (a copy, a migration or a catch-up): their landing times do not teach"
        ));
    }
    let judged: Vec<_> = timeline.judged().take(GAPS_OVER).collect();
    let back = dataset.look_back.max(1) as usize;
    let gaps: Vec<String> =
        judged.iter().skip(back).filter(|p| timeline.is_hole(**p)).map(ToString::to_string).collect();
    if !gaps.is_empty() {
        notes.push(format!("missing among the last {}: {}", judged.len(), gaps.join(", ")));
    }
    if timeline.nothing_ever_came() {
        notes.push(format!(
            "no object matches its path, `{}`: is it right, upper and lower case too?",
            dataset.layout
        ));
        return notes;
    }
    let (next, owed) = timeline.next();
    if judged.is_empty() && owed.at.is_none_or(|at| at > now) {
        notes.push(format!("nothing to judge yet; {next}: {}", owed.reason));
    }
    notes
}

fn bytes(count: u64) -> String {
    quantity::format(count as f64, Unit::Bytes)
}

/// `Sat 21 Nov 04:30 GMT`: a time as people of the dataset's zone read it.
fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b %H:%M %Z").to_string()
}
