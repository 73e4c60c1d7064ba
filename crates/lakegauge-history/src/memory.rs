//! History in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::delivery::{Deliveries, Step, Taken};
use lakegauge_core::metric::Metric;
use lakegauge_core::name::is_split_of;
use lakegauge_core::record::Records;
use lakegauge_core::standing::{Change, Standing, changes_since};
use lakegauge_engine::{Changes, History, HistoryError, Outbox};

/// History in memory.
#[derive(Debug, Default)]
pub struct Memory {
    datasets: Mutex<HashMap<String, Past>>,
}

/// All that is known about one dataset.
#[derive(Debug, Default)]
pub(crate) struct Past {
    pub(crate) records: Records,
    pub(crate) standing: Standing,
    pub(crate) changes: Vec<Change>,
    pub(crate) last_run: Option<Timestamp>,
    pub(crate) deliveries: Deliveries,
}

impl Past {
    pub(crate) fn newest(&self, limit: usize) -> Records {
        self.records.iter().rev().take(limit).map(|(p, r)| (*p, r.clone())).collect()
    }

    pub(crate) fn changes(&self, since: Option<Timestamp>) -> Vec<Change> {
        changes_since(&self.changes, since)
    }

    /// Adds the changes of a run.
    pub(crate) fn commit(&mut self, changes: &Changes, now: Timestamp) {
        changes.merge_into(&mut self.records);
        if let Some(standing) = &changes.standing {
            self.standing = standing.clone();
        }
        changes.extend(&mut self.changes);
        if let Some(orders) = &changes.orders {
            self.deliveries.record(orders);
        }
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

    async fn standing(&self, dataset: &str) -> Result<Standing, HistoryError> {
        Ok(self.read(dataset, |past| past.standing.clone()))
    }

    async fn changes(&self, dataset: &str, since: Option<Timestamp>) -> Result<Vec<Change>, HistoryError> {
        Ok(self.read(dataset, |past| past.changes(since)))
    }

    async fn raised_in_splits(
        &self,
        dataset: &str,
    ) -> Result<BTreeMap<String, BTreeSet<Metric>>, HistoryError> {
        let datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        let splits = datasets.iter().filter(|(name, _)| is_split_of(name, dataset));
        let raised = splits.map(|(name, past)| (name.clone(), past.standing.metrics()));
        Ok(raised.filter(|(_, raised)| !raised.is_empty()).collect())
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let mut datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        datasets.entry(dataset.to_owned()).or_default().commit(changes, now);
        Ok(())
    }
}

#[async_trait]
impl Outbox for Memory {
    async fn deliveries(&self, dataset: &str) -> Result<Deliveries, HistoryError> {
        Ok(self.read(dataset, |past| past.deliveries.clone()))
    }

    async fn hand_out(&self, dataset: &str, step: &Step) -> Result<Taken, HistoryError> {
        let mut datasets = self.datasets.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(past) = datasets.get_mut(dataset) else { return Ok(Taken::default()) };
        let (next, taken) = past.deliveries.after(step);
        past.deliveries = next;
        Ok(taken)
    }
}
