//! Groups alarms of one kind and one day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::alarm::State;
use crate::metric::Kind;
use crate::partition::Partition;
use crate::quantity;
use crate::verdict::{
    Affected, AlarmReport, CommonCause, CommonCauseKind, DatasetReport, PartitionReport, Report, Status,
    VERSION,
};

/// Minimum number of datasets with a common cause.
const DATASETS: usize = 3;
/// At least one in this many of the datasets judged for that day.
const ONE_IN: usize = 3;

/// Maximum number of datasets that the sentence names.
const NAMED: usize = 12;

impl Report {
    /// Combines the datasets' reports.
    pub fn new(now: Timestamp, datasets: Vec<DatasetReport>) -> Report {
        let status = datasets.iter().map(|d| d.status).max().unwrap_or(Status::Ok);
        Report { version: VERSION, now, status, common_causes: common_causes(&datasets), datasets }
    }
}

/// The common causes of the datasets' alarms, newest day first: at least three datasets, and at least a third of those
/// judged for the day.
pub fn common_causes(datasets: &[DatasetReport]) -> Vec<CommonCause> {
    let mut judged: BTreeMap<Date, BTreeSet<&str>> = BTreeMap::new();
    let mut groups: BTreeMap<(Date, CommonCauseKind), Vec<(&str, &PartitionReport)>> = BTreeMap::new();
    for dataset in datasets {
        for partition in &dataset.partitions {
            let (day, name) = (day(partition.partition), dataset.dataset.as_str());
            judged.entry(day).or_default().insert(name);
            let alarms = partition.alarms.iter().filter(|alarm| alarm.state == State::Alarm);
            // Each kind counts once per partition, and once per dataset with its newest partition.
            for kind in alarms.filter_map(kind).collect::<BTreeSet<_>>() {
                let group = groups.entry((day, kind)).or_default();
                if group.last().is_none_or(|(last, _)| *last != name) {
                    group.push((name, partition));
                }
            }
        }
    }
    let cause = |((day, kind), group): ((Date, CommonCauseKind), Vec<(&str, &PartitionReport)>)| {
        let judged = judged.get(&day).map_or(0, BTreeSet::len);
        let many = group.len() >= DATASETS && group.len() * ONE_IN >= judged;
        many.then(|| CommonCause {
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
    groups.into_iter().rev().filter_map(cause).collect()
}

/// The day on which the period ends: periods of any cadence that end together should arrive together.
fn day(partition: Partition) -> Date {
    partition.next().date()
}

fn kind(alarm: &AlarmReport) -> Option<CommonCauseKind> {
    match alarm.metric.kind() {
        Kind::Arrival if alarm.metric.is_flag() => Some(CommonCauseKind::NotThere),
        Kind::Change => Some(CommonCauseKind::Changed),
        Kind::Completeness => Some(CommonCauseKind::Smaller),
        Kind::Novelty => Some(CommonCauseKind::Copied),
        Kind::Volume => {
            let (observed, expected) = (alarm.observed?, alarm.expected);
            if expected.low.is_some_and(|low| observed < low) || observed <= 0.0 {
                Some(CommonCauseKind::Smaller)
            } else {
                Some(CommonCauseKind::Larger)
            }
        }
        Kind::Arrival | Kind::Mark | Kind::Check => None,
    }
}

fn reason(kind: CommonCauseKind, day: Date, group: &[(&str, &PartitionReport)], judged: usize) -> String {
    let what = match kind {
        CommonCauseKind::NotThere => "have not arrived on time",
        CommonCauseKind::Smaller => "are too small",
        CommonCauseKind::Larger => "are too large",
        CommonCauseKind::Copied => "are identical to an earlier partition",
        CommonCauseKind::Changed => "were changed after landing",
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
