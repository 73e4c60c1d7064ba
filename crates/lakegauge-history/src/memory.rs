//! History in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::metric::Metric;
use lakegauge_core::name::is_split_of;
use lakegauge_core::record::{PartitionRecord, Records};
use lakegauge_engine::{Changes, History, HistoryError, StoredStatus, Transition};

/// History in memory.
#[derive(Debug, Default)]
pub struct Memory {
    datasets: Mutex<HashMap<String, Past>>,
}

/// All that is known about one dataset.
#[derive(Debug, Default)]
pub(crate) struct Past {
    pub(crate) records: Records,
    pub(crate) statuses: BTreeMap<Metric, StoredStatus>,
    pub(crate) transitions: Vec<Transition>,
    pub(crate) last_run: Option<Timestamp>,
}

impl Past {
    pub(crate) fn newest(&self, limit: usize) -> Records {
        self.records.iter().rev().take(limit).map(|(p, r)| (*p, r.clone())).collect()
    }

    pub(crate) fn transitions(&self, since: Option<Timestamp>) -> Vec<Transition> {
        let wanted = |t: &&Transition| since.is_none_or(|since| t.at >= since);
        self.transitions.iter().filter(wanted).cloned().collect()
    }

    /// Adds the changes of a run.
    pub(crate) fn commit(&mut self, changes: &Changes, now: Timestamp) {
        for record in &changes.records {
            let mark = self.records.remove(&record.partition).and_then(|before| before.mark);
            self.records.insert(record.partition, PartitionRecord { mark, ..record.clone() });
        }
        for (partition, mark) in &changes.marks {
            if let Some(record) = self.records.get_mut(partition) {
                record.mark.clone_from(mark);
            }
        }
        self.statuses.extend(changes.statuses.iter().map(|s| (s.metric, s.clone())));
        self.transitions.extend(changes.transitions.iter().cloned());
        self.last_run = self.last_run.max(Some(now));
    }
}

impl Memory {
    fn read<T: Default>(&self, dataset: &str, read: impl FnOnce(&Past) -> T) -> T {
        let datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        datasets.get(dataset).map(read).unwrap_or_default()
    }
}

#[async_trait]
impl History for Memory {
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError> {
        let datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<String> =
            datasets.keys().filter(|name| is_split_of(name, dataset)).cloned().collect();
        names.sort_unstable();
        Ok(names)
    }

    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError> {
        Ok(self.read(dataset, |past| past.newest(limit)))
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        Ok(self.read(dataset, |past| past.last_run))
    }

    async fn statuses(&self, dataset: &str) -> Result<Vec<StoredStatus>, HistoryError> {
        Ok(self.read(dataset, |past| past.statuses.values().cloned().collect()))
    }

    async fn transitions(
        &self,
        dataset: &str,
        since: Option<Timestamp>,
    ) -> Result<Vec<Transition>, HistoryError> {
        Ok(self.read(dataset, |past| past.transitions(since)))
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let mut datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        datasets.entry(dataset.to_owned()).or_default().commit(changes, now);
        Ok(())
    }
}
