//! Sentences about a partition's life cycle, and the notes of a report.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::current::silence;
use super::past::{Slot, Timeline};
use super::pause::Pause;
use super::question::Question;
use super::{beside, loss};
use crate::dataset::Dataset;
use crate::foreign;
use crate::lifecycle::PartitionState;
use crate::metric::{Metric, Unit};
use crate::partition::Partition;
use crate::quantity::{self, plural};

/// How many partitions back gaps are reported.
const GAPS_OVER: usize = 30;

/// The sentence of an alarm on the partition's life cycle; `None` if the evaluation's own sentence is better.
pub(super) fn of_state(
    question: &Question<'_>,
    timeline: &Timeline,
    slot: &Slot,
    metric: Metric,
) -> Option<String> {
    let (record, dataset) = (&slot.record, question.dataset);
    match (metric, record.state) {
        (Metric::Stale, _) => silence(question, timeline, slot).map(|pause| silent(&pause, question.now)),
        (Metric::Rejected, _) if record.is_rejected() => {
            record.mark.as_ref().map(|mark| mark.in_words(&dataset.zone))
        }
        (Metric::Late, PartitionState::Late) => Some(late(dataset, timeline, slot)),
        (Metric::Missing, PartitionState::Missing) => Some(missing(question, slot)),
        (Metric::Late, PartitionState::Landed) => landed(dataset, slot),
        (Metric::Shrunk, PartitionState::Deleted) => {
            let lost = record.landed.as_ref().map_or(0, |look| look.bytes);
            Some(format!("deleted: {} had landed, nothing is left", bytes(lost)))
        }
        (Metric::Rewritten, PartitionState::Landed) if slot.is_rewritten() => {
            let (was, is) = (record.landed.as_ref()?, record.look.as_ref()?);
            // If objects were only removed, nothing was written.
            let how = match is.last_write.filter(|at| was.last_write.is_none_or(|before| *at > before)) {
                Some(at) => format!("written again {}", local(at, &dataset.zone)),
                None => "changed".to_owned(),
            };
            let usual = loss::rewriting_is_usual(timeline, record.partition);
            let usual = if usual { ", as is usual here" } else { "" };
            Some(format!(
                "{how} after it had landed: {} in {} became {} in {}{usual}",
                bytes(was.bytes),
                plural(was.objects, "object"),
                bytes(is.bytes),
                is.objects
            ))
        }
        _ => beside::sentence(timeline, slot, metric),
    }
}

fn silent(pause: &Pause, now: Timestamp) -> String {
    let length = |time: jiff::SignedDuration| quantity::duration(time.as_secs_f64());
    format!(
        "nothing new for {}; the longest pause in {} was {}",
        length(now.duration_since(pause.since)),
        length(pause.history),
        length(pause.longest)
    )
}

fn late(dataset: &Dataset, timeline: &Timeline, slot: &Slot) -> String {
    let zone = &dataset.zone;
    let due = slot.record.due_at.map_or_else(|| "its deadline".to_owned(), |t| local(t, zone));
    let Some(look) = &slot.record.look else { return format!("not complete by {due}") };
    let why = timeline.completion().why_not(look, &slot.window);
    let last = look.last_write.map_or(String::new(), |t| format!(", last written {}", local(t, zone)));
    format!(
        "not complete by {due} ({why}): {} in {} so far{last}",
        bytes(look.bytes),
        plural(look.objects, "object")
    )
}

fn missing(question: &Question<'_>, slot: &Slot) -> String {
    let dataset = question.dataset;
    let due = slot.record.due_at.map_or_else(|| "its deadline".to_owned(), |t| local(t, &dataset.zone));
    let there = match slot.record.look.as_ref().filter(|look| look.objects > 0) {
        Some(look) => {
            let last = look.last_write.map_or(String::new(), |t| {
                t.to_zoned(dataset.zone.clone()).strftime(" last written %-d %b %Y").to_string()
            });
            format!("only {}{last}, before its period", plural(look.objects, "object"))
        }
        None => "nothing is there".to_owned(),
    };
    let beside = match question.observation.neighbours.get(&slot.record.partition) {
        Some(names) if !names.is_empty() => {
            format!("; beside it: {}", foreign::visible(&names.join(", ")))
        }
        _ => String::new(),
    };
    format!("{there}; due {due} ({}){beside}", slot.owed.reason())
}

fn landed(dataset: &Dataset, slot: &Slot) -> Option<String> {
    let landed = slot.record.landed_at?;
    let at = local(landed, &dataset.zone);
    if !slot.record.arrival_known {
        return Some(format!("written {at} in bulk (a copy or migration): the real landing time is unknown"));
    }
    let Some(due) = slot.record.due_at else { return Some(format!("landed {at}; {}", slot.owed.reason())) };
    let margin = quantity::format(landed.duration_since(due).abs().as_secs_f64(), Unit::Seconds);
    Some(if landed > due {
        format!("landed {at}, {margin} late")
    } else {
        format!("landed {at}, {margin} early")
    })
}

/// Notes on the judged partitions.
pub(super) fn notes(question: &Question<'_>, timeline: &Timeline, chosen: &[Partition]) -> Vec<String> {
    let (dataset, now) = (question.dataset, question.now);
    let mut notes = Vec::new();
    if !timeline.copied().is_empty() {
        let count = timeline.copied().len();
        notes.push(format!(
            "{count} partitions were written in bulk (a copy, a migration or a catch-up), \
             so their timestamps are ignored when learning"
        ));
    }
    if let Some(ahead) = timeline.ahead_of_its_hour() {
        let zone = dataset.zone.iana_name().unwrap_or("UTC");
        notes.push(format!(
            "hours usually land {} before they begin: `timezone: {zone}` is probably not the zone of their names",
            quantity::duration(ahead.as_secs_f64())
        ));
    }
    let judged: Vec<_> = timeline.judged().take(GAPS_OVER).collect();
    let holes = judged.iter().filter(|p| !chosen.contains(p) && timeline.is_hole(**p));
    let gaps: Vec<String> = holes.map(ToString::to_string).collect();
    if !gaps.is_empty() {
        notes.push(format!("missing among the last {}: {}", judged.len(), gaps.join(", ")));
    }
    if timeline.nothing_ever_came() {
        notes.push(format!(
            "No objects match `{}`. Paths are case-sensitive; check the spelling",
            dataset.layout
        ));
        return notes;
    }
    if let Some((marker, seen)) = timeline.marker_never_came() {
        notes.push(format!(
            "marker {marker} not found in any of {seen} partitions with data: check `landed_when` and the spelling"
        ));
    }
    let (next, owed) = timeline.next();
    if judged.is_empty() && owed.at.is_none_or(|at| at > now) {
        notes.push(format!("nothing to judge yet; {next}: {}", owed.reason()));
    }
    notes
}

fn bytes(count: u64) -> String {
    quantity::format(count as f64, Unit::Bytes)
}

/// `Sat 21 Nov 04:30 GMT`: a time in the dataset's zone.
fn local(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b %H:%M %Z").to_string()
}
