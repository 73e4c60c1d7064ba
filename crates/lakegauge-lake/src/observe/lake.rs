//! The lake behind a store, and a single look at it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::layout::Located;
use lakegauge_core::observation::{Listed, Neighbours, Observation};
use lakegauge_core::partition::Partition;
use lakegauge_core::splits;
use lakegauge_engine::{Lake, Look, Scope};

use super::gaps;
use crate::store::Store;

/// Called with the number of objects seen so far.
pub type Progress = dyn Fn(u64) + Send + Sync;

/// Objects between two calls of [`Progress`].
const PROGRESS_EVERY: u64 = 1_000;

/// A lake behind a [`Store`].
pub struct ObjectLake {
    pub(super) store: Arc<dyn Store>,
    seen: AtomicU64,
    progress: Option<Box<Progress>>,
    /// The folders at open levels of a path (`{*}`), as the last look found them.
    folders: Mutex<HashMap<String, Vec<String>>>,
}

impl ObjectLake {
    /// A lake over `store`.
    pub fn new(store: Arc<dyn Store>) -> ObjectLake {
        ObjectLake { store, seen: AtomicU64::new(0), progress: None, folders: Mutex::default() }
    }

    /// Calls `progress` from time to time with the number of objects seen so far.
    pub fn with_progress(mut self, progress: Box<Progress>) -> ObjectLake {
        self.progress = Some(progress);
        self
    }

    /// The store itself.
    pub fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    pub(super) fn folders(&self, asked: &str) -> Option<Vec<String>> {
        self.folders.lock().ok()?.get(asked).cloned()
    }

    pub(super) fn remember(&self, found: impl Iterator<Item = (String, Vec<String>)>) {
        if let Ok(mut folders) = self.folders.lock() {
            folders.extend(found);
        }
    }

    /// Counts an object.
    pub(super) fn count(&self) {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some(progress) = &self.progress
            && seen.is_multiple_of(PROGRESS_EVERY)
        {
            progress(seen);
        }
    }

    /// Maximum number of parallel listings in one look. The store itself limits its requests.
    pub(super) fn width(&self) -> usize {
        self.store.lanes().max(4)
    }
}

#[async_trait]
impl Lake for ObjectLake {
    async fn observe(&self, look: Look<'_>) -> Observation {
        let glance =
            Glance { lake: self, store: self.store.view(), dataset: look.dataset, as_of: look.as_of };
        let mut observation = match look.scope {
            Scope::Partitions(partitions) => glance.partitions(partitions).await,
            Scope::Past { since } => glance.past(*since).await,
        };
        observation.list_requests = glance.store.requests();
        gaps::gather(&mut observation.gaps);
        observation
    }

    async fn splits(&self, dataset: &Dataset, dates: usize) -> splits::Listed {
        self.list_splits(dataset, dates).await
    }

    async fn neighbours(&self, look: Look<'_>, partition: Partition) -> Neighbours {
        self.look_nearby(look.dataset, partition, look.as_of).await
    }
}

/// A look in progress.
pub(super) struct Glance<'a> {
    pub(super) lake: &'a ObjectLake,
    /// Counts only the requests of this look.
    pub(super) store: Arc<dyn Store>,
    pub(super) dataset: &'a Dataset,
    pub(super) as_of: Option<Timestamp>,
}

impl Glance<'_> {
    /// The partition and part of an object, if it belongs to this dataset and existed at the time.
    pub(super) fn locate<'k>(&self, object: Listed<'k>) -> Option<Located<'k>> {
        self.lake.count();
        if !self.was_there(object.last_modified) {
            return None;
        }
        let located = self.dataset.layout.locate(object.key)?;
        let splits = &self.dataset.splits;
        (splits.is_empty() || *splits == located.splits).then_some(located)
    }
}
