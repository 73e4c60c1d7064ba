//! A history that can be read, and whose writes stay in memory.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::metric::Metric;
use lakegauge_core::name::is_split_of;
use lakegauge_core::record::Records;
use lakegauge_core::standing::{Change, Standing};
use lakegauge_engine::{Changes, History, HistoryError};

use crate::memory::Past;

/// History that starts as a copy of another one and keeps its changes in memory: for runs at another time than now, and
/// for a history that cannot be written.
pub struct Rehearsal {
    real: Arc<dyn History>,
    /// The commits, by dataset, oldest first. They are added to each read, which reads no more than it is asked for.
    added: Mutex<HashMap<String, Vec<(Changes, Timestamp)>>>,
}

impl Rehearsal {
    /// A rehearsal over `real`.
    pub fn new(real: Arc<dyn History>) -> Rehearsal {
        Rehearsal { real, added: Mutex::default() }
    }

    /// `past` with the commits added.
    fn since(&self, dataset: &str, mut past: Past) -> Past {
        let added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        for (changes, now) in added.get(dataset).into_iter().flatten() {
            past.commit(changes, *now);
        }
        past
    }
}

#[async_trait]
impl History for Rehearsal {
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError> {
        let mut names: BTreeSet<String> = self.real.splits(dataset).await?.into_iter().collect();
        let added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        names.extend(added.keys().filter(|name| is_split_of(name, dataset)).cloned());
        Ok(names.into_iter().collect())
    }

    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError> {
        // Commits only add records or replace them, so the newest `limit` stored records are enough.
        let records = self.real.records(dataset, limit).await?;
        Ok(self.since(dataset, Past { records, ..Past::default() }).newest(limit))
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        let last_run = self.real.last_run(dataset).await?;
        Ok(self.since(dataset, Past { last_run, ..Past::default() }).last_run)
    }

    async fn standing(&self, dataset: &str) -> Result<Standing, HistoryError> {
        let standing = self.real.standing(dataset).await?;
        Ok(self.since(dataset, Past { standing, ..Past::default() }).standing)
    }

    async fn changes(&self, dataset: &str, since: Option<Timestamp>) -> Result<Vec<Change>, HistoryError> {
        let changes = self.real.changes(dataset, None).await?;
        Ok(self.since(dataset, Past { changes, ..Past::default() }).changes(since))
    }

    async fn raised_in_splits(
        &self,
        dataset: &str,
    ) -> Result<BTreeMap<String, BTreeSet<Metric>>, HistoryError> {
        let mut raised = self.real.raised_in_splits(dataset).await?;
        let added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, commits) in added.iter().filter(|(name, _)| is_split_of(name, dataset)) {
            let newest = commits.iter().rev().find_map(|(changes, _)| changes.standing.as_ref());
            raised.extend(newest.map(|standing| (name.clone(), standing.metrics())));
        }
        raised.retain(|_, raised| !raised.is_empty());
        Ok(raised)
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let mut added = self.added.lock().unwrap_or_else(PoisonError::into_inner);
        added.entry(dataset.to_owned()).or_default().push((changes.clone(), now));
        Ok(())
    }
}
