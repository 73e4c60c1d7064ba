//! Documents by name, replaced by compare-and-swap.

use std::any::Any;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::TryStreamExt as _;
use lakegauge_engine::HistoryError;
use object_store::path::Path;
use object_store::{GetOptions, ObjectStore, PutMode, PutOptions, PutPayload, UpdateVersion};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::page::{Page, Unreadable, VERSION};

/// How often a write is retried after losing a race.
const TRIES: u32 = 40;
/// The first pause after a lost race; it doubles up to [`LONGEST_PAUSE`], and the actual wait is a random part of it.
const PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(800);
/// Characters of a document's name that are kept; all others are percent-encoded.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// Why a document could not be read or replaced: history's own error, because the documents contain the history.
pub type ShelfError = HistoryError;

/// Documents in an object store.
///
/// Reads use `If-None-Match`, so that unchanged documents are not sent again; writes use `If-Match`, so that no writer
/// overwrites a version that it has not read. Any number of shelves may share one store.
#[derive(Clone)]
pub struct Shelf {
    store: Arc<dyn ObjectStore>,
    place: String,
    prefix: Path,
    kept: Arc<Mutex<HashMap<String, Kept>>>,
    marks: Arc<AtomicU64>,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("place", &self.place).finish_non_exhaustive()
    }
}

/// The last version of a document that was read or written.
struct Kept {
    tag: String,
    version: UpdateVersion,
    page: Arc<dyn Any + Send + Sync>,
}

/// The current document; `version` is `None` if there is none.
#[derive(Clone, Debug)]
struct Standing<T> {
    page: Page<T>,
    version: Option<UpdateVersion>,
}

impl Shelf {
    /// The documents below `prefix` of `store`. `place` is the name for users: `s3://bucket/prefix`.
    pub fn new(store: Arc<dyn ObjectStore>, prefix: &str, place: impl Into<String>) -> Shelf {
        let seed = RandomState::new().hash_one(std::process::id());
        Shelf {
            store,
            place: place.into(),
            prefix: Path::from(prefix),
            kept: Arc::default(),
            marks: Arc::new(AtomicU64::new(seed)),
        }
    }

    /// Documents in memory, for replays and tests. Clones are one shelf; every writer should have its own
    /// ([`Shelf::beside`]), as functions do.
    pub fn in_memory() -> Shelf {
        Shelf::new(Arc::new(object_store::memory::InMemory::new()), "state", "memory")
    }

    /// Another shelf over the same documents, which has not read anything yet.
    pub fn beside(&self) -> Shelf {
        Shelf { kept: Arc::default(), ..self.clone() }
    }

    /// Reads a document; the default if there is none.
    ///
    /// # Errors
    /// If the store does not answer, or the document is damaged or newer than this program.
    pub async fn read<T>(&self, kind: &str, name: &str) -> Result<T, ShelfError>
    where
        T: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static,
    {
        Ok(self.stands(kind, name).await?.page.body)
    }

    /// Replaces a document by the result of `change`, and tries again if another writer was faster. `None` leaves it
    /// unchanged. `change` may be called more than once, each time with the current document. Returns the document.
    ///
    /// # Errors
    /// As [`Shelf::read`]; also if other writers keep winning the race.
    pub async fn update<T>(
        &self,
        kind: &str,
        name: &str,
        mut change: impl FnMut(&T) -> Option<T>,
    ) -> Result<T, ShelfError>
    where
        T: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static,
    {
        let mut pause = PAUSE;
        let mut marks: Vec<u64> = Vec::new();
        // The version that was read last is tried first: the store says if it is out of date.
        let mut standing = match self.remembered(kind, name) {
            Some(standing) => standing,
            None => self.stands(kind, name).await?,
        };
        for _ in 0..TRIES {
            if standing.page.writes.iter().any(|mark| marks.contains(mark)) {
                // A write of ours that seemed lost had arrived.
                return Ok(standing.page.body);
            }
            let Some(body) = change(&standing.page.body) else { return Ok(standing.page.body) };
            let mark = self.mark();
            marks.push(mark);
            let page = standing.page.written(body, mark);
            if self.put(kind, name, &page, standing.version).await? {
                return Ok(page.body);
            }
            tokio::time::sleep(pause.mul_f64(self.share())).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            standing = self.stands(kind, name).await?;
        }
        Err(self.unusable(kind, name, format!("{TRIES} writes lost against other writers").into()))
    }

    /// The names of the documents of a kind that start with `start` and are longer, in no particular order: one
    /// listing.
    ///
    /// # Errors
    /// If the store does not answer.
    pub async fn names(&self, kind: &str, start: &str) -> Result<Vec<String>, ShelfError> {
        let (offset, ending) =
            (self.raw(&utf8_percent_encode(start, PLAIN).to_string()), format!(".{kind}.gz"));
        let below = |meta: object_store::ObjectMeta| {
            let file = meta.location.as_ref().strip_prefix(self.prefix.as_ref())?.trim_start_matches('/');
            let name = percent_decode_str(file.strip_suffix(&ending)?).decode_utf8().ok()?.into_owned();
            (name.len() > start.len() && name.starts_with(start)).then_some(name)
        };
        let listed = self.store.list_with_offset(Some(&self.prefix), &offset);
        let names = listed.try_filter_map(|meta| futures::future::ready(Ok(below(meta)))).try_collect();
        names.await.map_err(|error| self.unusable(kind, start, error.into()))
    }

    /// Whether a version of the document is cached, so that reading it again is cheap.
    pub fn holds(&self, kind: &str, name: &str) -> bool {
        self.kept().contains_key(self.path(kind, name).as_ref())
    }

    /// A document with its version.
    async fn stands<T>(&self, kind: &str, name: &str) -> Result<Standing<T>, ShelfError>
    where
        T: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static,
    {
        let path = self.path(kind, name);
        let kept = self.remembered::<T>(kind, name);
        let if_none_match = self.kept().get(path.as_ref()).filter(|_| kept.is_some()).map(|k| k.tag.clone());
        let options = GetOptions { if_none_match, ..GetOptions::default() };
        let got = match (self.store.get_opts(&path, options).await, kept) {
            (Err(object_store::Error::NotModified { .. }), Some(kept)) => return Ok(kept),
            (Err(object_store::Error::NotFound { .. }), _) => {
                self.kept().remove(path.as_ref());
                return Ok(Standing { page: Page::default(), version: None });
            }
            (got, _) => got.map_err(|error| self.unusable(kind, name, error.into()))?,
        };
        let meta = got.meta.clone();
        let version = UpdateVersion { e_tag: meta.e_tag.clone(), version: meta.version };
        let bytes = got.bytes().await.map_err(|error| self.unusable(kind, name, error.into()))?;
        let page = Page::<T>::unpack(&bytes).map_err(|why| self.unreadable(kind, name, why))?;
        self.keep(&path, &page, &version);
        Ok(Standing { page, version: Some(version) })
    }

    /// Writes, and returns whether it was first.
    async fn put<T>(
        &self,
        kind: &str,
        name: &str,
        page: &Page<T>,
        over: Option<UpdateVersion>,
    ) -> Result<bool, ShelfError>
    where
        T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    {
        let path = self.path(kind, name);
        let bytes = page.pack().map_err(|why| self.unreadable(kind, name, why))?;
        let mode = over.map_or(PutMode::Create, PutMode::Update);
        let options = PutOptions { mode, ..PutOptions::default() };
        match self.store.put_opts(&path, PutPayload::from(bytes), options).await {
            Ok(written) => {
                self.keep(&path, page, &written.into());
                Ok(true)
            }
            Err(
                object_store::Error::AlreadyExists { .. }
                | object_store::Error::Precondition { .. }
                | object_store::Error::NotModified { .. },
            ) => {
                self.kept().remove(path.as_ref());
                Ok(false)
            }
            Err(error) => {
                self.kept().remove(path.as_ref());
                Err(self.unusable(kind, name, error.into()))
            }
        }
    }

    fn remembered<T: Clone + 'static>(&self, kind: &str, name: &str) -> Option<Standing<T>> {
        let kept = self.kept();
        let kept = kept.get(self.path(kind, name).as_ref())?;
        let page = kept.page.downcast_ref::<Page<T>>()?.clone();
        Some(Standing { page, version: Some(kept.version.clone()) })
    }

    fn keep<T: Clone + Send + Sync + 'static>(&self, path: &Path, page: &Page<T>, version: &UpdateVersion) {
        let Some(tag) = version.e_tag.clone() else { return };
        let kept = Kept { tag, version: version.clone(), page: Arc::new(page.clone()) };
        self.kept().insert(path.as_ref().to_owned(), kept);
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, kind: &str, name: &str) -> Path {
        self.raw(&format!("{}.{kind}.gz", utf8_percent_encode(name, PLAIN)))
    }

    /// A path whose last part is already encoded.
    fn raw(&self, file: &str) -> Path {
        // `Path::join` would encode the percent signs again.
        let path = format!("{}/{file}", self.prefix);
        Path::parse(path.trim_start_matches('/')).unwrap_or_else(|_| self.prefix.clone().join(file))
    }

    /// A random number, unique for practical purposes, that identifies a write.
    fn mark(&self) -> u64 {
        RandomState::new().hash_one(self.marks.fetch_add(1, Ordering::Relaxed))
    }

    /// A random number between one half and one.
    fn share(&self) -> f64 {
        0.5 + (self.mark() % 1_000) as f64 / 2_000.0
    }

    pub(super) fn shown(&self, kind: &str, name: &str) -> String {
        format!("{}/{}.{kind}.gz", self.place, utf8_percent_encode(name, PLAIN))
    }

    fn unusable(
        &self,
        kind: &str,
        name: &str,
        source: Box<dyn std::error::Error + Send + Sync>,
    ) -> ShelfError {
        HistoryError::Unusable { place: self.shown(kind, name), source }
    }

    fn unreadable(&self, kind: &str, name: &str, why: Unreadable) -> ShelfError {
        let place = self.shown(kind, name);
        match why {
            Unreadable::Newer(found) => HistoryError::Newer { place, found, known: VERSION },
            Unreadable::Torn(detail) => HistoryError::Damaged { place, detail },
        }
    }
}
