//! The passes of one look: which partitions a second one is for, and what all of them report.

use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::partition::Partition;
use lakegauge_core::scope::current;
use lakegauge_core::verdict::{DatasetReport, PartitionReport, Status};
use lakegauge_engine::{Outcome, Scope};

/// For how many periods after its own a partition that events named is looked for.
const RECENT: i64 = 7;

/// Whether a partition that events named is recent, was not looked at, and is not known to have landed.
pub(crate) fn is_missed(partition: Partition, dataset: &Dataset, outcome: &Outcome, now: Timestamp) -> bool {
    let back = current(dataset, now).periods_since(partition);
    let looked_at = match &outcome.scope {
        Scope::Partitions(partitions) => partitions.contains(&partition),
        Scope::Past { since } => since.is_none_or(|since| partition >= since),
    };
    (0..=RECENT).contains(&back) && !looked_at && !has_landed(outcome, partition)
}

fn has_landed(outcome: &Outcome, partition: Partition) -> bool {
    outcome.judgement.timeline.get(partition).is_some_and(|slot| slot.record.landed_at.is_some())
}

/// Merges the reports of up to three passes: for each partition, the first one counts.
pub(crate) fn merged(reports: &[&DatasetReport], dataset: &Dataset) -> DatasetReport {
    let mut partitions: Vec<PartitionReport> = Vec::new();
    for partition in reports.iter().flat_map(|report| &report.partitions) {
        if !partitions.iter().any(|known| known.partition == partition.partition) {
            partitions.push(partition.clone());
        }
    }
    partitions.sort_by_key(|p| std::cmp::Reverse(p.partition));
    let newest = reports.first();
    DatasetReport {
        dataset: dataset.name.clone(),
        status: reports.iter().map(|report| report.status).max().unwrap_or(Status::Unknown),
        partitions,
        gaps: reports.iter().flat_map(|report| report.gaps.iter().cloned()).collect(),
        freshness: newest.and_then(|report| report.freshness),
        list_requests: reports.iter().map(|report| report.list_requests).sum(),
        notes: newest.map(|report| report.notes.clone()).unwrap_or_default(),
        about: dataset.about.clone(),
    }
}
