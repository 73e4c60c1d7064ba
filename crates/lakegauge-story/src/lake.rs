//! A store in memory with a clock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::observation::ObjectMeta;
use lakegauge_engine::Lake;
use lakegauge_lake::{Each, Level, ObjectLake, Store, StoreError};

/// Objects per page of a listing, as in S3.
const PAGE: u64 = 1_000;

/// A lake with all its future changes. Clones are the same lake.
#[derive(Clone, Default)]
pub struct StoryLake {
    story: Arc<Mutex<Story>>,
}

#[derive(Default)]
struct Story {
    objects: BTreeMap<String, Object>,
    to_come: BTreeMap<Timestamp, Vec<Act>>,
}

#[derive(Clone, Copy)]
struct Object {
    size: u64,
    dated: Timestamp,
}

enum Act {
    Put {
        key: String,
        size: u64,
        dated: Timestamp,
    },
    /// The object with this key, or everything below it if it ends in `/`.
    Delete {
        key: String,
    },
}

impl StoryLake {
    /// An empty lake.
    pub fn new() -> StoryLake {
        StoryLake::default()
    }

    /// Writes or overwrites `key` at `at`.
    pub fn put(&self, key: impl Into<String>, size: u64, at: Timestamp) {
        self.put_dated(key, size, at, at);
    }

    /// Writes `key` at `at`, with the time `dated` according to the store's clock.
    pub fn put_dated(&self, key: impl Into<String>, size: u64, at: Timestamp, dated: Timestamp) {
        self.tell(at, Act::Put { key: key.into(), size, dated });
    }

    /// Deletes `key` at `at`; with a trailing `/`, everything below it.
    pub fn delete(&self, key: impl Into<String>, at: Timestamp) {
        self.tell(at, Act::Delete { key: key.into() });
    }

    fn tell(&self, at: Timestamp, act: Act) {
        self.story().to_come.entry(at).or_default().push(act);
    }

    /// Applies all changes up to and including `now`. Time never goes back.
    pub fn goes_on_to(&self, now: Timestamp) {
        self.story().advance(now);
    }

    /// Drops all changes after `at`: the feed dies.
    pub fn dies_after(&self, at: Timestamp) {
        self.story().to_come.retain(|when, _| *when <= at);
    }

    /// The times of all future writes, oldest first.
    pub fn writes(&self) -> Vec<Timestamp> {
        let puts = |acts: &Vec<Act>| acts.iter().any(|act| matches!(act, Act::Put { .. }));
        self.story().to_come.iter().filter(|(_, acts)| puts(acts)).map(|(at, _)| *at).collect()
    }

    /// The lake as a store.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::new(Counter { lake: self.clone(), requests: AtomicU64::new(0) })
    }

    /// The lake as the engine looks at it.
    pub fn lake(&self) -> Arc<dyn Lake> {
        Arc::new(ObjectLake::new(self.store()))
    }

    fn story(&self) -> MutexGuard<'_, Story> {
        self.story.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The objects below `prefix` after `start_after`, in the order of the keys.
    fn below(&self, prefix: &str, start_after: Option<&str>) -> Vec<ObjectMeta> {
        let story = self.story();
        let from = start_after.map_or(prefix, |after| after.max(prefix));
        let found = story.objects.range(from.to_owned()..).take_while(|(key, _)| key.starts_with(prefix));
        let meta = |(key, object): (&String, &Object)| ObjectMeta {
            key: key.clone(),
            size: object.size,
            last_modified: object.dated,
            etag: None,
        };
        found.filter(|(key, _)| Some(key.as_str()) != start_after).map(meta).collect()
    }
}

impl Story {
    fn advance(&mut self, now: Timestamp) {
        while let Some(next) = self.to_come.first_entry().filter(|next| *next.key() <= now) {
            for act in next.remove() {
                match act {
                    Act::Put { key, size, dated } => drop(self.objects.insert(key, Object { size, dated })),
                    Act::Delete { key } if key.ends_with('/') => {
                        self.objects.retain(|other, _| !other.starts_with(&key));
                    }
                    Act::Delete { key } => drop(self.objects.remove(&key)),
                }
            }
        }
    }
}

/// The lake with its own count of requests.
struct Counter {
    lake: StoryLake,
    requests: AtomicU64,
}

#[async_trait]
impl Store for Counter {
    async fn list(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<Vec<StoreError>, StoreError> {
        let found = self.lake.below(prefix, start_after);
        self.requests.fetch_add(1 + found.len() as u64 / PAGE, Ordering::Relaxed);
        found.iter().for_each(|object| each(object.listed()));
        Ok(Vec::new())
    }

    async fn first(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<bool, StoreError> {
        let found = self.lake.below(prefix, start_after);
        self.requests.fetch_add(1, Ordering::Relaxed);
        let page = found.iter().take(PAGE as usize);
        page.for_each(|object| each(object.listed()));
        Ok(found.len() as u64 <= PAGE)
    }

    async fn level(&self, prefix: &str) -> Result<Level, StoreError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let (mut prefixes, mut objects) = (BTreeSet::new(), Vec::new());
        for object in self.lake.below(prefix, None) {
            match object.key[prefix.len()..].split_once('/') {
                Some((folder, _)) => drop(prefixes.insert(format!("{prefix}{folder}/"))),
                None => objects.push(object),
            }
        }
        Ok(Level { prefixes: prefixes.into_iter().collect(), objects, hidden: Vec::new() })
    }

    fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    fn place(&self, prefix: &str) -> String {
        format!("story://lake/{prefix}")
    }

    fn page_size(&self) -> Option<u64> {
        Some(PAGE)
    }

    fn lanes(&self) -> usize {
        1
    }

    fn view(&self) -> Arc<dyn Store> {
        self.lake.store()
    }
}
