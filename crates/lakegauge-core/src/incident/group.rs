//! Alarms of one kind and one day, together.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::alarm::State;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::quantity;
use crate::verdict::{AlarmReport, DatasetReport, PartitionReport};

/// Datasets that make an incident, at least.
const DATASETS: usize = 3;
/// One in so many of the datasets that were judged for that day, at least.
const ONE_IN: usize = 3;

/// Datasets that the sentence names, at most.
const NAMED: usize = 12;

/// What several datasets have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentKind {
    /// Late or missing.
    NotThere,
    /// Less landed than is fine.
    Smaller,
    /// More landed than is fine.
    Larger,
    /// Rewritten, shrunk or deleted after landing.
    Changed,
}

/// Alarms of one kind on many datasets of one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// What they have in common.
    pub kind: IncidentKind,
    /// The local day on which the partitions' periods ended.
    pub day: Date,
    /// Which datasets, in the order of the config.
    pub datasets: Vec<Affected>,
    /// How many datasets were judged for that day.
    pub judged: usize,
    /// One sentence, without a full stop.
    pub reason: String,
}

/// One dataset of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected {
    /// As the config names it.
    pub dataset: String,
    /// The partition that is in alarm.
    pub partition: Partition,
}

/// The incidents among the datasets' alarms, newest day first: at least three datasets, and a third of those that were
/// judged for the day.
pub fn incidents(datasets: &[DatasetReport]) -> Vec<Incident> {
    let mut judged: BTreeMap<Date, BTreeSet<&str>> = BTreeMap::new();
    let mut groups: BTreeMap<(Date, IncidentKind), Vec<(&str, &PartitionReport)>> = BTreeMap::new();
    for dataset in datasets {
        for partition in &dataset.partitions {
            let (day, name) = (day(partition.partition), dataset.dataset.as_str());
            judged.entry(day).or_default().insert(name);
            let alarms = partition.alarms.iter().filter(|alarm| alarm.state == State::Alarm);
            // Of one partition each kind counts once, and of one dataset's hours the newest.
            for kind in alarms.filter_map(kind).collect::<BTreeSet<_>>() {
                let group = groups.entry((day, kind)).or_default();
                if group.last().is_none_or(|(last, _)| *last != name) {
                    group.push((name, partition));
                }
            }
        }
    }
    let incident = |((day, kind), group): ((Date, IncidentKind), Vec<(&str, &PartitionReport)>)| {
        let judged = judged.get(&day).map_or(0, BTreeSet::len);
        let many = group.len() >= DATASETS && group.len() * ONE_IN >= judged;
        many.then(|| Incident {
            kind,
            day,
            judged,
            reason: reason(kind, day, &group, judged),
            datasets: group
                .iter()
                .map(|(name, p)| Affected { dataset: (*name).to_owned(), partition: p.partition })
                .collect(),
        })
    };
    groups.into_iter().rev().filter_map(incident).collect()
}

/// The day on which the period ends: what should arrive together ends together, whatever its cadence.
fn day(partition: Partition) -> Date {
    partition.next().date()
}

fn kind(alarm: &AlarmReport) -> Option<IncidentKind> {
    match alarm.metric {
        Metric::Late | Metric::Missing | Metric::Stale => Some(IncidentKind::NotThere),
        Metric::Rewritten | Metric::Shrunk => Some(IncidentKind::Changed),
        metric if metric.is_volume() || metric == Metric::RowCount => {
            let (observed, expected) = (alarm.observed?, alarm.expected);
            if expected.low.is_some_and(|low| observed < low) || observed <= 0.0 {
                Some(IncidentKind::Smaller)
            } else {
                Some(IncidentKind::Larger)
            }
        }
        _ => None,
    }
}

fn reason(kind: IncidentKind, day: Date, group: &[(&str, &PartitionReport)], judged: usize) -> String {
    let what = match kind {
        IncidentKind::NotThere => "are not there in time",
        IncidentKind::Smaller => "are too small",
        IncidentKind::Larger => "are too large",
        IncidentKind::Changed => "were changed after they had landed",
    };
    let first = group.first().map(|(_, p)| p.partition);
    let same = first.filter(|first| group.iter().all(|(_, p)| p.partition == *first));
    let of = match same {
        Some(partition) => format!("partition {partition}"),
        None => format!("partitions that end on {}", day.strftime("%a %-d %b")),
    };
    let (n, judged) = (quantity::count(group.len() as f64), quantity::count(judged as f64));
    let mut names: Vec<&str> = group.iter().map(|(name, _)| *name).take(NAMED).collect();
    let more = group.len() - names.len();
    let more = format!("{} more", quantity::count(more as f64));
    if group.len() > names.len() {
        names.push(&more);
    }
    format!("{n} of {judged} datasets {what} ({of}): {}", names.join(", "))
}
