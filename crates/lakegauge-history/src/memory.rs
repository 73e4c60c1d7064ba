//! History that ends with the process.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::metric::{Metric, Sample};
use lakegauge_core::name::is_split_of;
use lakegauge_core::partition::Partition;
use lakegauge_core::record::{PartitionRecord, Records};
use lakegauge_engine::{Changes, History, HistoryError, StoredStatus, Transition};

/// History in memory.
#[derive(Debug, Default)]
pub struct Memory {
    datasets: Mutex<HashMap<String, Past>>,
}

#[derive(Debug, Default)]
struct Past {
    records: Records,
    samples: BTreeMap<(Metric, Partition), Sample>,
    statuses: BTreeMap<Metric, StoredStatus>,
    transitions: Vec<Transition>,
    last_run: Option<Timestamp>,
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
        Ok(self.read(dataset, |past| {
            past.records.iter().rev().take(limit).map(|(p, r)| (*p, r.clone())).collect()
        }))
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        Ok(self.read(dataset, |past| past.last_run))
    }

    async fn samples(
        &self,
        dataset: &str,
        metric: Metric,
        since: Option<Timestamp>,
    ) -> Result<Vec<Sample>, HistoryError> {
        let wanted = |s: &&Sample| s.metric == metric && since.is_none_or(|since| s.at >= since);
        Ok(self.read(dataset, |past| past.samples.values().filter(wanted).copied().collect()))
    }

    async fn statuses(&self, dataset: &str) -> Result<Vec<StoredStatus>, HistoryError> {
        Ok(self.read(dataset, |past| past.statuses.values().cloned().collect()))
    }

    async fn transitions(
        &self,
        dataset: &str,
        since: Option<Timestamp>,
    ) -> Result<Vec<Transition>, HistoryError> {
        let wanted = |t: &&Transition| since.is_none_or(|since| t.at >= since);
        Ok(self.read(dataset, |past| past.transitions.iter().filter(wanted).cloned().collect()))
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let mut datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        let past = datasets.entry(dataset.to_owned()).or_default();
        for record in &changes.records {
            let mark = past.records.remove(&record.partition).and_then(|before| before.mark);
            past.records.insert(record.partition, PartitionRecord { mark, ..record.clone() });
        }
        for (partition, mark) in &changes.marks {
            if let Some(record) = past.records.get_mut(partition) {
                record.mark.clone_from(mark);
            }
        }
        let numbers = changes.samples.iter().filter(|s| !s.value.is_nan());
        past.samples.extend(numbers.map(|s| ((s.metric, s.partition), *s)));
        past.statuses.extend(changes.statuses.iter().map(|s| (s.metric, s.clone())));
        past.transitions.extend(changes.transitions.iter().cloned());
        past.last_run = past.last_run.max(Some(now));
        Ok(())
    }
}
