//! The book of a resident process: the attention in memory, over any history.
//!
//! A process that ends forgets the attention, and the next one looks at everything once. What was recorded, and what is
//! still to be handed out, is in the history.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use lakegauge_core::delivery::Deliveries;
use lakegauge_engine::{History, HistoryError, Outbox};
use tokio::sync::OwnedMutexGuard;

use crate::attention::Attention;
use crate::book::{Book, Ending, Noting, Visit};

type Slot = Arc<tokio::sync::Mutex<Attention>>;

/// A history, and the attention for its datasets in memory. One process looks at a dataset once at a time: another visit
/// of it waits.
#[derive(Debug)]
pub struct Resident<H> {
    history: Arc<H>,
    attention: Mutex<HashMap<String, Slot>>,
}

impl<H: History + Outbox + 'static> Resident<H> {
    /// Over `history`. Nothing has been looked at yet.
    pub fn over(history: Arc<H>) -> Resident<H> {
        Resident { history, attention: Mutex::default() }
    }

    fn slot(&self, dataset: &str) -> Slot {
        let mut all = self.attention.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(dataset.to_owned()).or_default())
    }
}

/// A visit. The commits are in the history at once; what they owe was claimed by the look.
struct Visiting<H> {
    history: Arc<H>,
    dataset: String,
    began: Attention,
    deliveries: Deliveries,
    attention: Mutex<OwnedMutexGuard<Attention>>,
}

#[async_trait]
impl<H: History + Outbox + 'static> Book for Resident<H> {
    fn history(&self) -> &dyn History {
        self.history.as_ref()
    }

    fn outbox(&self) -> &dyn Outbox {
        self.history.as_ref()
    }

    async fn visit(&self, dataset: &str, _likely: bool) -> Result<Box<dyn Visit>, HistoryError> {
        let attention = self.slot(dataset).lock_owned().await;
        let deliveries = self.history.deliveries(dataset).await?;
        Ok(Box::new(Visiting {
            history: Arc::clone(&self.history),
            dataset: dataset.to_owned(),
            began: attention.clone(),
            deliveries,
            attention: Mutex::new(attention),
        }))
    }

    async fn note(&self, dataset: &str, change: &Noting<'_>) -> Result<(), HistoryError> {
        let slot = self.slot(dataset);
        let mut attention = slot.lock().await;
        if let Some(next) = change(&attention) {
            *attention = next;
        }
        Ok(())
    }

    fn holds(&self, _dataset: &str) -> bool {
        true
    }
}

#[async_trait]
impl<H: History + Outbox + 'static> Visit for Visiting<H> {
    fn history(&self) -> &dyn History {
        self.history.as_ref()
    }

    fn attention(&self) -> &Attention {
        &self.began
    }

    fn deliveries(&self) -> &Deliveries {
        &self.deliveries
    }

    async fn finish(&self, change: &Ending<'_>) -> Result<Deliveries, HistoryError> {
        {
            let mut attention = self.attention.lock().unwrap_or_else(PoisonError::into_inner);
            **attention = change(&attention);
        }
        self.history.deliveries(&self.dataset).await
    }
}
