//! A store of very many objects, which are computed when they are listed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::observation::Listed;
use lakegauge_core::partition::Partition;
use lakegauge_lake::{Each, Level, Store, StoreError};

/// Objects per page of a listing, as in S3.
const PAGE: usize = 1_000;
/// How long after its period a partition's marker is written.
const LANDED: SignedDuration = SignedDuration::from_mins(190);

/// Datasets of one form, each with the same partitions of the same number of objects. Each partition has a marker,
/// unless there is none.
#[derive(Clone, Debug)]
pub struct LargeLake {
    /// How many datasets; their names are `d00000` and so on.
    pub datasets: usize,
    /// The newest partition.
    pub newest: Partition,
    /// How many partitions.
    pub partitions: usize,
    /// The folder of a partition below its dataset, as `strftime` writes it, with the trailing `/`: sorted as time is.
    pub folder: &'static str,
    /// Data objects in a partition.
    pub objects: usize,
    /// How their names begin.
    pub name: &'static str,
    /// The marker's name; it is listed where it sorts.
    pub marker: Option<&'static str>,
    /// The zone of the writer's clock.
    pub zone: &'static str,
}

/// The lake with its own count of requests. Its folders are computed once.
struct Counter {
    lake: LargeLake,
    /// Sorted.
    datasets: Arc<Vec<String>>,
    /// The partitions, oldest first, with their folders below a dataset.
    partitions: Arc<Vec<(Partition, String)>>,
    zone: TimeZone,
    requests: AtomicU64,
}

impl LargeLake {
    /// Daily datasets up to `newest`, with objects `part-00000` and so on, and `_SUCCESS`.
    pub fn daily(datasets: usize, newest: &str, partitions: usize, objects: usize) -> LargeLake {
        LargeLake {
            datasets,
            newest: Partition::parse(newest).unwrap(),
            partitions,
            folder: "date=%Y-%m-%d/",
            objects,
            name: "part-",
            marker: Some("_SUCCESS"),
            zone: "UTC",
        }
    }

    /// The lake as a store.
    pub fn store(&self) -> Arc<dyn Store> {
        let partition = |back: usize| self.newest.offset(-(back as i64));
        let named = |partition: Partition| (partition, partition.start().strftime(self.folder).to_string());
        let partitions = (0..self.partitions).rev().map(partition).map(named).collect();
        let datasets = (0..self.datasets).map(|n| format!("d{n:05}/")).collect();
        Arc::new(Counter {
            lake: self.clone(),
            datasets: Arc::new(datasets),
            partitions: Arc::new(partitions),
            zone: TimeZone::get(self.zone).unwrap(),
            requests: AtomicU64::new(0),
        })
    }

    /// All objects.
    pub fn all(&self) -> usize {
        self.datasets * self.partitions * (self.objects + usize::from(self.marker.is_some()))
    }
}

impl Counter {
    /// The datasets that are below a prefix, or above it.
    fn related<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a String> {
        let first = self.datasets.partition_point(|name| name.as_str() < prefix);
        let all = self.datasets.get(first.saturating_sub(1)..).unwrap_or_default();
        let is_related = move |name: &&String| name.starts_with(prefix) || prefix.starts_with(name.as_str());
        let near = all.iter().take_while(move |name| name.starts_with(prefix) || name.as_str() <= prefix);
        near.filter(is_related)
    }

    /// The objects below `prefix` after `after`, in the order of their keys, until `see` returns false.
    fn each_after(&self, prefix: &str, after: Option<&str>, see: &mut dyn FnMut(Listed<'_>) -> bool) {
        let related = |folder: &str| folder.starts_with(prefix) || prefix.starts_with(folder);
        // `~` sorts after everything in a folder.
        let is_over = |folder: &str| after.is_some_and(|after| format!("{folder}~").as_str() <= after);
        for dataset in self.related(prefix).filter(|dataset| !is_over(dataset)) {
            for (partition, folder) in self.partitions.iter() {
                let folder = format!("{dataset}{folder}");
                if !related(&folder) || is_over(&folder) {
                    continue;
                }
                let landed = partition.end_in(&self.zone) + LANDED;
                let part =
                    |n: usize| (format!("{folder}{}{n:05}", self.lake.name), 1_000_000, written(landed, n));
                let data = (0..self.lake.objects).map(part);
                let mut all: Vec<(String, u64, Timestamp)> = data.collect();
                if let Some(marker) = self.lake.marker {
                    let key = format!("{folder}{marker}");
                    let at = all.partition_point(|(other, ..)| *other < key);
                    all.insert(at, (key, 0, landed));
                }
                for (key, size, last_modified) in &all {
                    let is_new = after.is_none_or(|after| key.as_str() > after) && key.starts_with(prefix);
                    let listed = Listed { key, size: *size, last_modified: *last_modified, etag: None };
                    if is_new && !see(listed) {
                        return;
                    }
                }
            }
        }
    }
}

/// The job writes for ten minutes, and its objects in the order of their names.
fn written(landed: Timestamp, n: usize) -> Timestamp {
    landed - SignedDuration::from_secs(605) + SignedDuration::from_millis((n as i64 % 2_000) * 300)
}

#[async_trait]
impl Store for Counter {
    async fn list(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<Vec<StoreError>, StoreError> {
        let mut seen = 0;
        self.each_after(prefix, start_after, &mut |object| {
            seen += 1;
            each(object);
            true
        });
        self.requests.fetch_add(1 + seen / PAGE as u64, Ordering::Relaxed);
        Ok(Vec::new())
    }

    async fn first(
        &self,
        prefix: &str,
        start_after: Option<&str>,
        each: &mut Each<'_>,
    ) -> Result<bool, StoreError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut seen = 0;
        self.each_after(prefix, start_after, &mut |object| {
            seen += 1;
            if seen <= PAGE {
                each(object);
            }
            seen <= PAGE
        });
        Ok(seen <= PAGE)
    }

    async fn level(&self, prefix: &str) -> Result<Level, StoreError> {
        let mut prefixes = BTreeSet::new();
        for dataset in self.related(prefix) {
            if prefix.is_empty() {
                prefixes.insert(dataset.clone());
                continue;
            }
            for (_, folder) in self.partitions.iter() {
                let folder = format!("{dataset}{folder}");
                let child = folder.strip_prefix(prefix).and_then(|rest| rest.split_once('/'));
                prefixes.extend(child.map(|(child, _)| format!("{prefix}{child}/")));
            }
        }
        self.requests.fetch_add(1 + (prefixes.len() / PAGE) as u64, Ordering::Relaxed);
        Ok(Level { prefixes: prefixes.into_iter().collect(), ..Level::default() })
    }

    fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    fn place(&self, prefix: &str) -> String {
        format!("large://lake/{prefix}")
    }

    fn page_size(&self) -> Option<u64> {
        Some(PAGE as u64)
    }

    fn lanes(&self) -> usize {
        4
    }

    fn view(&self) -> Arc<dyn Store> {
        Arc::new(Counter {
            lake: self.lake.clone(),
            datasets: Arc::clone(&self.datasets),
            partitions: Arc::clone(&self.partitions),
            zone: self.zone.clone(),
            requests: AtomicU64::new(0),
        })
    }
}
