//! A history that sometimes dies between the look and the record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::delivery::Deliveries;
use lakegauge_core::metric::Metric;
use lakegauge_core::record::Records;
use lakegauge_core::standing::{Change, Standing, changes_since};
use lakegauge_engine::{Changes, History, HistoryError};

#[derive(Default)]
struct Past {
    records: Records,
    standing: Standing,
    changes: Vec<Change>,
    last_run: Option<Timestamp>,
    deliveries: Deliveries,
}

/// The history of one dataset.
#[derive(Default)]
pub(crate) struct SimHistory {
    past: Mutex<Past>,
    dies: AtomicBool,
}

impl SimHistory {
    /// Whether the next commits are lost.
    pub(crate) fn dies(&self, dies: bool) {
        self.dies.store(dies, Ordering::Relaxed);
    }

    /// What is recorded as wrong.
    pub(crate) fn standing(&self) -> Standing {
        self.past.lock().unwrap().standing.clone()
    }

    /// What is to be handed out.
    pub(crate) fn deliveries(&self) -> Deliveries {
        self.past.lock().unwrap().deliveries.clone()
    }

    /// All that is known, to be compared.
    pub(crate) fn kept(&self) -> (Records, usize) {
        let past = self.past.lock().unwrap();
        (past.records.clone(), past.changes.len())
    }
}

#[async_trait]
impl History for SimHistory {
    async fn splits(&self, _: &str) -> Result<Vec<String>, HistoryError> {
        Ok(Vec::new())
    }

    async fn records(&self, _: &str, limit: usize) -> Result<Records, HistoryError> {
        let past = self.past.lock().unwrap();
        Ok(past.records.iter().rev().take(limit).map(|(p, r)| (*p, r.clone())).collect())
    }

    async fn last_run(&self, _: &str) -> Result<Option<Timestamp>, HistoryError> {
        Ok(self.past.lock().unwrap().last_run)
    }

    async fn standing(&self, _: &str) -> Result<Standing, HistoryError> {
        Ok(self.past.lock().unwrap().standing.clone())
    }

    async fn changes(&self, _: &str, since: Option<Timestamp>) -> Result<Vec<Change>, HistoryError> {
        Ok(changes_since(&self.past.lock().unwrap().changes, since))
    }

    async fn raised_in_splits(&self, _: &str) -> Result<BTreeMap<String, BTreeSet<Metric>>, HistoryError> {
        Ok(BTreeMap::new())
    }

    async fn commit(&self, _: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        if self.dies.load(Ordering::Relaxed) {
            let source = "the process died".into();
            return Err(HistoryError::Unusable { place: "memory".to_owned(), source });
        }
        let mut past = self.past.lock().unwrap();
        changes.merge_into(&mut past.records);
        if let Some(standing) = &changes.standing {
            past.standing = standing.clone();
        }
        past.changes.extend(changes.changes.iter().cloned());
        changes.orders.iter().for_each(|orders| past.deliveries.record(orders));
        past.last_run = past.last_run.max(Some(now));
        Ok(())
    }
}
