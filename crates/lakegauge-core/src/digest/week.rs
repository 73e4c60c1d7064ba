//! The last days of one dataset.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::drift::{Drift, drift};
use crate::alarm::State;
use crate::baseline::Level;
use crate::dataset::Dataset;
use crate::judge::{Slot, Timeline};
use crate::metric::Metric;
use crate::partition::Partition;
use crate::quantity;
use crate::verdict::PartitionReport;

/// What happened to a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The name from the config.
    pub dataset: String,
    /// How many partitions of these days were judged.
    pub judged: usize,
    /// The slow change of `TotalFileSize`, without values in alarm.
    pub drift: Option<Drift>,
    /// What was reported, oldest partition first.
    pub events: Vec<Event>,
}

/// Something that was reported about a partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The partition.
    pub partition: Partition,
    /// The kind of event.
    pub kind: EventKind,
    /// The metric; `None` for people's verdicts.
    pub metric: Option<Metric>,
    /// One sentence.
    pub reason: String,
}

/// The kinds of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// It landed late, or has not landed.
    Late,
    /// It is in alarm.
    Alarm,
    /// A new level was accepted as normal.
    NewLevel,
    /// It is unusual, but not worth a page.
    Notice,
    /// A person gave a verdict.
    Said,
}

/// Collects what happened in the `days` before `now`. `reports` are those of the partitions of these days; a
/// partition that is not judged yet adds nothing.
pub fn digest(
    dataset: &Dataset,
    timeline: &Timeline,
    reports: &[PartitionReport],
    now: Timestamp,
    days: u32,
) -> Digest {
    let since = now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN);
    let mut reports: Vec<&PartitionReport> = reports.iter().filter(|p| !p.alarms.is_empty()).collect();
    reports.sort_by_key(|p| p.partition);
    let newest = reports.last().map(|report| report.partition);
    let of = |report: &PartitionReport| {
        let is_newest = Some(report.partition) == newest;
        of_partition(report, timeline.get(report.partition), is_newest)
    };
    let mut events: Vec<Event> = reports.iter().flat_map(|report| of(report)).collect();
    for (partition, slot) in timeline.slots() {
        if let Some(mark) = slot.record.mark.as_ref().filter(|mark| mark.at >= since && mark.at <= now) {
            let reason = mark.in_words(&dataset.zone);
            events.push(Event { partition: *partition, kind: EventKind::Said, metric: None, reason });
        }
    }
    events.sort_by_key(|event| event.partition);
    let metric = Metric::TotalFileSize;
    let fine = |p: &Partition| timeline.get(*p).is_some_and(is_fine);
    let values = timeline.points(dataset, metric).filter_map(|p| Some((p.partition, p.value?)));
    Digest {
        dataset: dataset.name.clone(),
        judged: reports.len(),
        drift: drift(values.filter(|(p, _)| fine(p))),
        events,
    }
}

fn is_fine(slot: &Slot) -> bool {
    slot.verdict.as_ref().is_some_and(|verdict| verdict.level != Level::Alarm)
}

fn of_partition(report: &PartitionReport, slot: Option<&Slot>, is_newest: bool) -> Vec<Event> {
    let partition = report.partition;
    let event = |kind, metric, reason: &str| Event {
        partition,
        kind,
        metric: Some(metric),
        reason: reason.to_owned(),
    };
    let behind = report.landed_at.zip(report.due_at).is_some_and(|(landed, due)| landed > due);
    let mut events = Vec::new();
    // A metric that only has a current value is reported on the newest partition alone.
    for alarm in report.alarms.iter().filter(|alarm| is_newest || !alarm.metric.is_of_dataset()) {
        let arrival = alarm.metric.is_overdue();
        match alarm.state {
            State::Alarm if arrival => events.push(event(EventKind::Late, alarm.metric, &alarm.reason)),
            State::Alarm => events.push(event(EventKind::Alarm, alarm.metric, &alarm.reason)),
            _ if behind && alarm.metric == Metric::Late => {
                events.push(event(EventKind::Late, alarm.metric, &alarm.reason));
            }
            _ => {}
        }
    }
    if let Some(verdict) = slot.and_then(|slot| slot.verdict.as_ref()) {
        match (verdict.level, verdict.moved) {
            (_, Some(by)) => {
                let sign = if by < 0.0 { '−' } else { '+' };
                let change = quantity::percent(by.exp_m1().abs());
                let reason = format!("the level moved by {sign}{change}: {}", verdict.reason());
                events.push(event(EventKind::NewLevel, verdict.metric, &reason));
            }
            (Level::Notice, None) => {
                events.push(event(EventKind::Notice, verdict.metric, &verdict.reason()));
            }
            _ => {}
        }
    }
    events
}
