//! Looks at partitions, each by its own prefix.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use lakegauge_core::layout::Path;
use lakegauge_core::observation::{GapKind, Listed, LookFold, Observation, PartitionLook};
use lakegauge_core::partition::Partition;

use super::lake::Glance;
use super::places::Places;
use crate::abreast::abreast;
use crate::error::StoreError;
use crate::store::Each;

/// Listings (a prefix, and whether only its own level counts), with the partitions that are looked for in each.
type Listings = BTreeMap<(String, bool), BTreeSet<Partition>>;

/// The findings so far.
#[derive(Default)]
pub(super) struct Known {
    pub(super) seen: BTreeMap<Partition, PartitionLook>,
    /// Partitions that could not be fully seen.
    blind: BTreeSet<Partition>,
    errors: Vec<StoreError>,
}

impl Known {
    pub(super) fn fail(&mut self, error: StoreError, partitions: impl IntoIterator<Item = Partition>) {
        self.errors.push(error);
        self.blind.extend(partitions);
    }

    /// The partitions that were looked for: each is seen, absent, or in neither list because of a gap.
    pub(super) fn observation(mut self, sought: &BTreeSet<Partition>) -> Observation {
        self.seen.retain(|partition, _| !self.blind.contains(partition));
        let absent = sought.iter().filter(|p| !self.seen.contains_key(p) && !self.blind.contains(p));
        Observation {
            absent: absent.copied().collect(),
            partitions: self.seen,
            gaps: self.errors.into_iter().map(Into::into).collect(),
            list_requests: 0,
            neighbours: BTreeMap::new(),
            took: None,
        }
    }
}

/// The error after which a look stops asking the store.
#[derive(Default)]
pub(super) struct Dead(OnceLock<StoreError>);

impl Dead {
    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.0.get().map_or(Ok(()), |error| Err(error.clone()))
    }

    /// Records errors that the next request would run into as well, after the same wait.
    pub(super) fn note(&self, error: &StoreError) {
        let same_for_all = matches!(
            error.kind,
            GapKind::Unreachable | GapKind::Throttled | GapKind::ClockSkew | GapKind::NotFound
        );
        if same_for_all {
            self.0.set(error.clone()).ok();
        }
    }
}

impl Glance<'_> {
    /// Looks for each partition. Partitions that are not found at their usual path are looked for at its alternative
    /// spellings.
    pub(super) async fn partitions(&self, partitions: &[Partition]) -> Observation {
        let all: BTreeSet<Partition> = partitions.iter().copied().collect();
        let (mut known, places, dead) = (Known::default(), Places::default(), Dead::default());
        let mut sought = all.clone();
        for way in 0.. {
            let paths: Vec<_> = sought.iter().filter_map(|p| Some((*p, self.path(*p, way)?))).collect();
            if paths.is_empty() {
                break;
            }
            let listings = self.listings(&places, &dead, &paths, &mut known).await;
            self.fold(&dead, &listings, &mut known).await;
            sought.retain(|p| !known.seen.contains_key(p) && !known.blind.contains(p));
        }
        self.lake.remember(places.found());
        self.mark(&mut known).await;
        known.observation(&all)
    }

    fn path(&self, partition: Partition, way: usize) -> Option<Path> {
        self.dataset.layout.looks(partition, &self.dataset.splits).into_iter().nth(way)
    }

    /// Expands the paths; partitions whose objects are in the same folder share a listing.
    async fn listings(
        &self,
        places: &Places,
        dead: &Dead,
        paths: &[(Partition, Path)],
        known: &mut Known,
    ) -> Listings {
        let expand = |path| {
            let expand = async move {
                dead.check()?;
                places.prefixes(self.store.as_ref(), path).await.inspect_err(|error| dead.note(error))
            };
            expand.boxed()
        };
        let run: Vec<BoxFuture<'_, _>> = paths.iter().map(|(_, path)| expand(path)).collect();
        let expanded = abreast(run, self.lake.width()).await;
        let mut listings = Listings::new();
        for ((partition, path), prefixes) in paths.iter().zip(expanded) {
            match prefixes {
                Ok(prefixes) => prefixes.into_iter().for_each(|prefix| {
                    listings.entry((prefix, path.flat)).or_default().insert(*partition);
                }),
                Err(error) => known.fail(error, [*partition]),
            }
        }
        listings
    }

    /// Lists in parallel, and folds the objects of the partitions that are looked for.
    async fn fold(&self, dead: &Dead, listings: &Listings, known: &mut Known) {
        let marker = self.dataset.landed_when.marker_inside();
        let folds: Mutex<BTreeMap<Partition, LookFold>> = Mutex::default();
        let list = |prefix, flat, sought: &'_ BTreeSet<Partition>| {
            let (folds, sought) = (&folds, sought.clone());
            let list = async move {
                let mut each = |object: Listed<'_>| {
                    let located = self.locate(object).filter(|l| sought.contains(&l.partition));
                    let Some(located) = located else { return };
                    let mut folds = folds.lock().unwrap_or_else(PoisonError::into_inner);
                    let fold = folds.entry(located.partition).or_insert_with(|| LookFold::new(marker));
                    fold.add(located.above, located.name, object);
                };
                dead.check()?;
                self.list(prefix, flat, &mut each).await.inspect_err(|error| dead.note(error))
            };
            list.boxed()
        };
        let run: Vec<BoxFuture<'_, _>> =
            listings.iter().map(|((prefix, flat), sought)| list(prefix, *flat, sought)).collect();
        let listed = abreast(run, self.lake.width()).await;
        for (sought, listed) in listings.values().zip(listed) {
            match listed {
                Ok(hidden) => hidden.into_iter().for_each(|h| known.fail(h, sought.iter().copied())),
                Err(error) => known.fail(error, sought.iter().copied()),
            }
        }
        let folds = folds.into_inner().unwrap_or_else(PoisonError::into_inner);
        known.seen.extend(folds.into_iter().map(|(partition, fold)| (partition, fold.finish())));
    }

    async fn list(
        &self,
        prefix: &str,
        flat: bool,
        each: &mut Each<'_>,
    ) -> Result<Vec<StoreError>, StoreError> {
        if !flat {
            return self.store.list(prefix, None, each).await;
        }
        let level = self.store.level(prefix).await?;
        level.objects.iter().for_each(|object| each(object.listed()));
        Ok(level.hidden)
    }
}
