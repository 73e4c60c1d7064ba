//! The stored history of one dataset, limited in size.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::{Cadence, Partition};
use lakegauge_core::record::{PartitionRecord, Records};
use lakegauge_core::scope::depth;
use lakegauge_engine::{Changes, StoredStatus, Transition};
use serde::{Deserialize, Serialize};

/// How many transitions are kept: years for a healthy dataset, weeks for a flapping one.
const TRANSITIONS: usize = 2_000;

/// All that is known about one dataset. What is older than learning needs ([`depth`]) is removed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Past {
    /// By partition, oldest first.
    records: Vec<PartitionRecord>,
    statuses: Vec<StoredStatus>,
    transitions: Vec<Transition>,
    pub(super) last_run: Option<Timestamp>,
    /// The number of the newest journal entry that was merged into it.
    #[serde(default)]
    pub(super) folded: u64,
}

impl Past {
    pub(super) fn records(&self, limit: usize) -> Records {
        self.records.iter().rev().take(limit).map(|record| (record.partition, record.clone())).collect()
    }

    pub(super) fn statuses(&self) -> Vec<StoredStatus> {
        self.statuses.clone()
    }

    pub(super) fn transitions(&self, since: Option<Timestamp>) -> Vec<Transition> {
        let wanted = |t: &&Transition| since.is_none_or(|since| t.at >= since);
        self.transitions.iter().filter(wanted).cloned().collect()
    }

    /// This history after `changes`.
    pub(super) fn with(&self, changes: &Changes, now: Timestamp) -> Past {
        let mut next = self.clone();
        let mut records: Records = next.records.drain(..).map(|r| (r.partition, r)).collect();
        for record in &changes.records {
            let mark = records.remove(&record.partition).and_then(|before| before.mark);
            records.insert(record.partition, PartitionRecord { mark, ..record.clone() });
        }
        for (partition, mark) in &changes.marks {
            if let Some(record) = records.get_mut(partition) {
                record.mark.clone_from(mark);
            }
        }
        next.records = newest(records.into_iter().collect(), |(partition, _)| *partition)
            .into_iter()
            .map(|(_, record)| record)
            .collect();
        let mut statuses: BTreeMap<Metric, StoredStatus> =
            next.statuses.drain(..).map(|s| (s.metric, s)).collect();
        statuses.extend(changes.statuses.iter().map(|s| (s.metric, s.clone())));
        next.statuses = statuses.into_values().collect();
        next.transitions.extend(changes.transitions.iter().cloned());
        next.transitions.drain(..next.transitions.len().saturating_sub(TRANSITIONS));
        next.last_run = next.last_run.max(Some(now));
        next
    }
}

/// The newest entries of each cadence, as many as learning needs, in the order of `all`.
fn newest<T>(all: Vec<T>, partition: impl Fn(&T) -> Partition) -> Vec<T> {
    let mut left: BTreeMap<Cadence, i64> = BTreeMap::new();
    let mut kept: Vec<T> = all
        .into_iter()
        .rev()
        .filter(|entry| {
            let cadence = partition(entry).cadence();
            let left = left.entry(cadence).or_insert_with(|| depth(cadence));
            *left -= 1;
            *left >= 0
        })
        .collect();
    kept.reverse();
    kept
}
