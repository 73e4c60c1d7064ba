//! Files that somebody else writes (a deployment's config): read again only when they have changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use lakegauge_engine::HistoryError;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use tokio::sync::Mutex;

/// Files fetched at once.
const ABREAST: usize = 16;

/// The files below a prefix, by their path below it.
pub type Texts = BTreeMap<String, Vec<u8>>;

/// The files below a prefix. One listing says which have changed.
#[derive(Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    place: String,
    kept: Mutex<BTreeMap<String, (String, Vec<u8>)>>,
}

impl Files {
    /// The files below `prefix` of `store`. `place` is how a user would name that.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: &str, place: impl Into<String>) -> Files {
        Files { store, prefix: Path::from(prefix), place: place.into(), kept: Mutex::default() }
    }

    /// All files as they were read last.
    pub async fn kept(&self) -> Texts {
        texts(&*self.kept.lock().await)
    }

    /// All files, when any has changed since the last call (or this is the first one); `None` when none has.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn changed(&self) -> Result<Option<Texts>, HistoryError> {
        let failed = |error: object_store::Error| HistoryError::Unusable {
            place: self.place.clone(),
            source: error.into(),
        };
        let mut kept = self.kept.lock().await;
        let found: Vec<_> = self.store.list(Some(&self.prefix)).try_collect().await.map_err(failed)?;
        let (mut now, mut changed) = (BTreeMap::new(), Vec::new());
        let mut fresh = found.len() != kept.len() || found.is_empty();
        for meta in found {
            let below = meta.location.as_ref().strip_prefix(self.prefix.as_ref()).unwrap_or_default();
            let name = below.trim_start_matches('/').to_owned();
            let tag = meta.e_tag.clone().unwrap_or_else(|| meta.last_modified.to_rfc3339());
            match kept.get(&name) {
                Some((known, bytes)) if *known == tag => drop(now.insert(name, (tag, bytes.clone()))),
                _ => changed.push((name, tag, meta.location)),
            }
        }
        fresh |= !changed.is_empty();
        let fetch = changed.into_iter().map(|(name, tag, location)| async move {
            let bytes = self.store.get(&location).await?.bytes().await?;
            Ok((name, (tag, bytes.to_vec())))
        });
        let fetched = stream::iter(fetch).buffer_unordered(ABREAST);
        now.extend(fetched.try_collect::<Vec<_>>().await.map_err(failed)?);
        *kept = now;
        Ok(fresh.then(|| texts(&kept)))
    }
}

fn texts(kept: &BTreeMap<String, (String, Vec<u8>)>) -> Texts {
    kept.iter().map(|(name, (_, bytes))| (name.clone(), bytes.clone())).collect()
}
