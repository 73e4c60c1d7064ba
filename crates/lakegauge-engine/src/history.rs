//! The port to the history.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::delivery::{Deliveries, Orders, Step, Taken};
use lakegauge_core::mark::Mark;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::record::{PartitionRecord, Records};
use lakegauge_core::standing::{Change, Standing};
use serde::{Deserialize, Serialize};

/// What one run adds to the history of one dataset. It is written completely or not at all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Replace the records of the same partitions, except for their marks, which do not change.
    pub records: Vec<PartitionRecord>,
    /// Replaces what was wrong before; `None` leaves it.
    pub standing: Option<Standing>,
    /// What became of its alarms: appended.
    pub changes: Vec<Change>,
    /// What the look owes to the outside: added to the deliveries, unless they know it.
    pub orders: Option<Orders>,
    /// Replace the marks of these partitions; `None` removes a mark. Marks are written after records, and a partition
    /// without a record keeps none. They are separate from the records so that a check that runs at the same time
    /// does not overwrite them.
    pub marks: BTreeMap<Partition, Option<Mark>>,
    /// Removes what is no longer kept, after everything else was written.
    pub forget: Option<Forget>,
}

/// What a history no longer keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forget {
    /// Records of partitions before this one.
    pub before: Partition,
    /// Changes of alarms before this time.
    pub until: Timestamp,
}

impl Changes {
    /// Adds these changes of alarms to those that are kept.
    pub fn extend(&self, changes: &mut Vec<Change>) {
        changes.extend(self.changes.iter().cloned());
        if let Some(Forget { until, .. }) = self.forget {
            changes.retain(|change| change.at >= until);
        }
    }

    /// Adds these records and marks to those that are kept.
    pub fn merge_into(&self, records: &mut Records) {
        for record in &self.records {
            let mark = records.remove(&record.partition).and_then(|before| before.mark);
            records.insert(record.partition, PartitionRecord { mark, ..record.clone() });
        }
        for (partition, mark) in &self.marks {
            if let Some(record) = records.get_mut(partition) {
                record.mark.clone_from(mark);
            }
        }
        if let Some(Forget { before, .. }) = self.forget {
            records.retain(|partition, _| *partition >= before);
        }
    }
}

/// Why the history could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// It can be neither opened nor read: the path, the disk, the store.
    #[error("the history at {place} cannot be used")]
    Unusable {
        /// Where it is.
        place: String,
        /// What the store said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It can be read but not written: permissions, a full disk.
    #[error("the history at {place} cannot be written")]
    Unwritable {
        /// Where it is.
        place: String,
        /// What the store said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// This user does not have permission to read it.
    #[error("the history at {place} cannot be read")]
    Forbidden {
        /// Where it is.
        place: String,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// Another process has held it for longer than lakegauge waits.
    #[error("the history at {place} is locked by another process")]
    Locked {
        /// Where it is.
        place: String,
    },
    /// It was written by a newer lakegauge.
    #[error(
        "the history at {place} has version {found}; this lakegauge knows up to {known}: upgrade lakegauge"
    )]
    Newer {
        /// Where it is.
        place: String,
        /// The version it has.
        found: i64,
        /// The newest version that this program supports.
        known: i64,
    },
    /// Another run has written since this one read: nothing from this run was recorded, and it can be run again.
    #[error("another run was faster at {place}: run again")]
    Outrun {
        /// Where it is.
        place: String,
    },
    /// It is not a history, or the file itself is damaged.
    #[error("the history at {place} is damaged: {detail}")]
    Damaged {
        /// Where it is.
        place: String,
        /// What is wrong.
        detail: String,
    },
    /// One row cannot be read: this affects the history of one dataset only.
    #[error("the history at {place} is damaged: {what} cannot be read back ({detail})")]
    DamagedRow {
        /// Where it is.
        place: String,
        /// Which row, as a user would name it.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
}

/// Remembers what was seen and judged, by dataset.
#[async_trait]
pub trait History: Send + Sync {
    /// The names of all splits of `dataset` that were ever written, whether or not they still exist.
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError>;

    /// The records of the newest `limit` partitions.
    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError>;

    /// When the dataset was last written, if ever.
    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError>;

    /// What was wrong with the dataset after the last look.
    async fn standing(&self, dataset: &str) -> Result<Standing, HistoryError>;

    /// Every change of its alarms at or after `since`, in the order in which they were written.
    async fn changes(&self, dataset: &str, since: Option<Timestamp>) -> Result<Vec<Change>, HistoryError>;

    /// The metrics that are raised in each split of `dataset`, those of splits without any left out.
    async fn raised_in_splits(
        &self,
        dataset: &str,
    ) -> Result<BTreeMap<String, BTreeSet<Metric>>, HistoryError>;

    /// Writes `changes` in one transaction; `now` becomes the last run.
    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError>;
}

/// Keeps what a [`History`] was ordered to hand out, until it has been.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// What is to be handed out for a dataset, and what must be remembered of what was.
    async fn deliveries(&self, dataset: &str) -> Result<Deliveries, HistoryError>;

    /// Makes one step with the deliveries of a dataset, in one transaction: of two who claim a delivery, one gets it.
    async fn hand_out(&self, dataset: &str, step: &Step) -> Result<Taken, HistoryError>;
}
