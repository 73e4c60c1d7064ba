//! The stored history of one dataset, limited in size.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lakegauge_core::partition::{Cadence, Partition};
use lakegauge_core::record::{PartitionRecord, Records};
use lakegauge_core::scope::depth;
use lakegauge_core::standing::{Change, Standing, changes_since};
use lakegauge_engine::Changes;
use serde::{Deserialize, Serialize};

/// How many changes of alarms are kept: years for a healthy dataset, weeks for a flapping one.
const CHANGES: usize = 2_000;

/// All that is known about one dataset. What is older than learning needs ([`depth`]) is removed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Past {
    /// By partition, oldest first.
    records: Vec<PartitionRecord>,
    #[serde(default)]
    standing: Standing,
    #[serde(default)]
    changes: Vec<Change>,
    pub(super) last_run: Option<Timestamp>,
    /// The number of the newest journal entry that was merged into it.
    #[serde(default)]
    pub(super) folded: u64,
}

impl Past {
    pub(super) fn records(&self, limit: usize) -> Records {
        self.records.iter().rev().take(limit).map(|record| (record.partition, record.clone())).collect()
    }

    pub(super) fn standing(&self) -> Standing {
        self.standing.clone()
    }

    pub(super) fn changes(&self, since: Option<Timestamp>) -> Vec<Change> {
        changes_since(&self.changes, since)
    }

    /// This history after `changes`.
    pub(super) fn with(&self, changes: &Changes, now: Timestamp) -> Past {
        let mut next = self.clone();
        let mut records: Records = next.records.drain(..).map(|r| (r.partition, r)).collect();
        changes.merge_into(&mut records);
        next.records = newest(records.into_iter().collect(), |(partition, _)| *partition)
            .into_iter()
            .map(|(_, record)| record)
            .collect();
        if let Some(standing) = &changes.standing {
            next.standing = standing.clone();
        }
        changes.extend(&mut next.changes);
        next.changes.drain(..next.changes.len().saturating_sub(CHANGES));
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
