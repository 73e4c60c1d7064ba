//! Expands a path with open levels to the prefixes that exist.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lakegauge_core::layout::{Path, Step};
use tokio::sync::OnceCell;

use crate::error::StoreError;
use crate::store::Store;

/// The folders at a place, or why they are unknown.
type Folders = Result<Vec<String>, StoreError>;

/// Caches the folders of each place for one look, because partitions share most of them.
#[derive(Default)]
pub(super) struct Places {
    levels: Mutex<HashMap<String, Arc<OnceCell<Folders>>>>,
}

impl Places {
    /// The prefixes that contain a path's objects.
    pub(super) async fn prefixes(&self, store: &dyn Store, path: &Path) -> Result<Vec<String>, StoreError> {
        let mut prefixes = vec![String::new()];
        for step in &path.steps {
            match step {
                Step::Literal(text) => prefixes.iter_mut().for_each(|prefix| prefix.push_str(text)),
                Step::Any { before, after } => {
                    let mut below = Vec::new();
                    for prefix in &prefixes {
                        let folders = self.folders(store, &format!("{prefix}{before}")).await?;
                        below.extend(fitting(folders, prefix, before, after));
                    }
                    prefixes = below;
                }
            }
        }
        Ok(prefixes)
    }

    /// The folders that were found, by the requested prefix.
    pub(super) fn found(self) -> impl Iterator<Item = (String, Vec<String>)> {
        let levels = self.levels.into_inner().unwrap_or_else(PoisonError::into_inner);
        levels.into_iter().filter_map(|(asked, cell)| Some((asked, cell.get()?.as_ref().ok()?.clone())))
    }

    async fn folders(&self, store: &dyn Store, prefix: &str) -> Folders {
        let cell = {
            let mut levels = self.levels.lock().unwrap_or_else(PoisonError::into_inner);
            levels.entry(prefix.to_owned()).or_default().clone()
        };
        let list = async || {
            let level = store.level(prefix).await?;
            // An unreadable folder may contain what was requested.
            level.hidden.into_iter().next().map_or(Ok(level.prefixes), Err)
        };
        cell.get_or_init(list).await.clone()
    }
}

/// The folders directly below `prefix` whose names start with `before` and end with `after`.
pub(super) fn fitting<'a>(
    folders: Vec<String>,
    prefix: &'a str,
    before: &'a str,
    after: &'a str,
) -> impl Iterator<Item = String> + 'a {
    folders.into_iter().filter(move |folder| {
        let name = folder.get(prefix.len()..).and_then(|name| name.strip_suffix('/'));
        name.is_some_and(|name| name.len() >= before.len() + after.len() && name.ends_with(after))
    })
}
