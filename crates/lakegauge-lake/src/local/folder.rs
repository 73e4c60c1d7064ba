//! A folder as a store.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use lakegauge_core::observation::{GapKind, ObjectMeta};

use super::walk::{self, Entry, Walk, failed};
use crate::error::StoreError;
use crate::store::{Each, Level, Store};

/// A folder.
#[derive(Debug)]
pub(crate) struct Local {
    root: PathBuf,
    calls: AtomicU64,
}

/// Maximum number of batches that wait for the consumer.
const BATCHES: usize = 16;

impl Local {
    /// The folder need not exist; the first look reports it if it does not.
    pub(crate) fn new(root: PathBuf) -> Local {
        Local { root, calls: AtomicU64::new(0) }
    }

    /// The deepest folder that contains everything below `prefix`, and the prefix up to its last `/`.
    fn folder<'a>(&self, prefix: &'a str) -> Option<(PathBuf, &'a str)> {
        let above = prefix.rfind('/').map_or("", |at| prefix.get(..=at).unwrap_or_default());
        let mut folder = self.root.clone();
        for name in above.split_terminator('/') {
            // Names that no file can have; `..` must not lead out of the lake.
            if name.is_empty() || name == "." || name == ".." || name.contains('\0') {
                return None;
            }
            folder.push(name);
        }
        Some((folder, above))
    }

    /// Fails if the lake's folder does not exist.
    fn check(&self) -> Result<(), StoreError> {
        match std::fs::metadata(&self.root) {
            Ok(meta) if meta.is_dir() => Ok(()),
            Ok(_) => {
                Err(StoreError::lasting(GapKind::NotFound, self.place(""), "this is a file, not a folder"))
            }
            Err(error) => Err(failed(&self.root, &error)),
        }
    }
}

/// A thread that ended early.
fn stopped(place: String) -> StoreError {
    StoreError::lasting(GapKind::Truncated, place, "the walk was stopped")
}

#[async_trait]
impl Store for Local {
    async fn list(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<Vec<StoreError>, StoreError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.check()?;
        let Some((folder, above)) = self.folder(prefix) else { return Ok(Vec::new()) };
        tracing::debug!(?folder, "a folder is read");
        // A thread for each partition would take longer than reading its folder.
        if let Some((page, hidden)) = walk::few(&folder, above) {
            let is_after = |key: &str| start_after.is_none_or(|after| key > after);
            let wanted =
                page.objects().filter(|object| object.key.starts_with(prefix) && is_after(object.key));
            wanted.for_each(&mut *each);
            return Ok(hidden);
        }
        let (sender, mut batches) = tokio::sync::mpsc::channel(BATCHES);
        let walk = Walk::new(folder, above, prefix, start_after, sender);
        let walking = tokio::task::spawn_blocking(move || walk.run());
        while let Some(batch) = batches.recv().await {
            batch.objects().for_each(&mut *each);
        }
        walking.await.map_err(|_| stopped(self.place(prefix)))
    }

    async fn first(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<bool, StoreError> {
        match self.list(prefix, start_after, each).await?.into_iter().next() {
            Some(hidden) => Err(hidden),
            None => Ok(true),
        }
    }

    async fn level(&self, prefix: &str) -> Result<Level, StoreError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.check()?;
        let Some((folder, above)) = self.folder(prefix) else { return Ok(Level::default()) };
        let (above, prefix, place) = (above.to_owned(), prefix.to_owned(), self.place(prefix));
        tracing::debug!(?folder, "a folder is read");
        let read = move || {
            let mut level = Level::default();
            level.hidden = walk::read(&folder, &above, &mut |key, entry| match entry {
                _ if !key.starts_with(&prefix) => {}
                Entry::Folder { .. } => level.prefixes.push(format!("{key}/")),
                Entry::File { size, modified } => {
                    let key = key.to_owned();
                    level.objects.push(ObjectMeta { key, size, last_modified: modified, etag: None });
                }
            });
            level
        };
        tokio::task::spawn_blocking(read).await.map_err(|_| stopped(place))
    }

    fn requests(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    fn place(&self, prefix: &str) -> String {
        self.root.join(prefix).display().to_string()
    }

    fn page_size(&self) -> Option<u64> {
        None
    }

    fn lanes(&self) -> usize {
        1
    }

    fn view(&self) -> Arc<dyn Store> {
        Arc::new(Local::new(self.root.clone()))
    }
}
