//! Completion markers at the dataset's root.

use std::collections::BTreeMap;

use futures::FutureExt;
use jiff::Timestamp;
use lakegauge_core::dataset::LandedWhen;
use lakegauge_core::layout::{Marker, RootMarker};
use lakegauge_core::observation::Listed;
use lakegauge_core::partition::Partition;

use super::lake::Glance;
use super::looks::Known;
use super::past::common_prefix;
use crate::abreast::try_abreast;
use crate::error::StoreError;

/// Up to this many dated markers are requested one by one; otherwise one listing of their common prefix finds them.
pub(super) const ONE_BY_ONE: usize = 8;

impl Glance<'_> {
    /// Sets the time of completion of the partitions that were seen, if the dataset's markers are at its root. If the
    /// markers cannot be read, the partitions count as not seen, because they would look as if they were still being
    /// written.
    pub(super) async fn mark(&self, known: &mut Known) {
        let LandedWhen::Marker(Marker::Root(root)) = &self.dataset.landed_when else { return };
        if known.seen.is_empty() {
            return;
        }
        let marked = match root.is_dated() {
            true => self.dated(root, known).await,
            false => self.undated(root, known).await,
        };
        if let Err(error) = marked {
            let partitions: Vec<Partition> = known.seen.keys().copied().collect();
            known.fail(error, partitions);
        }
    }

    async fn dated(&self, root: &RootMarker, known: &mut Known) -> Result<(), StoreError> {
        let splits = &self.dataset.splits;
        let keys: Option<Vec<String>> = known.seen.keys().map(|p| root.key(*p, splits)).collect();
        let prefixes = match keys {
            Some(keys) if keys.len() <= ONE_BY_ONE => keys,
            _ => vec![common_prefix(self.dataset.layout.cadence(), |partition| root.key(partition, splits))],
        };
        let list = |prefix| {
            let list = async move {
                let mut found = Vec::new();
                let mut each = |object: Listed<'_>| {
                    let modified = object.last_modified;
                    if let Some((Some(partition), values)) = root.locate(object.key)
                        && (splits.is_empty() || values.is_empty() || values == *splits)
                        && self.was_there(modified)
                    {
                        found.push((partition, modified));
                    }
                };
                refuse_hidden(self.store.list(prefix, None, &mut each).await?)?;
                Ok::<_, StoreError>(found)
            };
            list.boxed()
        };
        let lists: Vec<_> = prefixes.iter().map(|prefix| list(prefix)).collect();
        let found = try_abreast(lists, self.lake.width()).await?;
        let mut marks: BTreeMap<Partition, Timestamp> = BTreeMap::new();
        for (partition, modified) in found.into_iter().flatten() {
            let mark = marks.entry(partition).or_insert(modified);
            *mark = (*mark).max(modified);
        }
        for (partition, look) in &mut known.seen {
            look.marker = marks.get(partition).copied();
        }
        Ok(())
    }

    /// A single marker is overwritten by each run and belongs to the newest partition. For an older partition it was
    /// also written once; the time is unknown, but it was not before the last write.
    async fn undated(&self, root: &RootMarker, known: &mut Known) -> Result<(), StoreError> {
        let newest = known.seen.keys().next_back().copied();
        let Some(key) = newest.and_then(|newest| root.key(newest, &self.dataset.splits)) else {
            return Ok(());
        };
        let mut written = None;
        let mut each = |object: Listed<'_>| {
            if object.key == key && self.was_there(object.last_modified) {
                written = written.max(Some(object.last_modified));
            }
        };
        refuse_hidden(self.store.list(&key, None, &mut each).await?)?;
        for (partition, look) in &mut known.seen {
            let complete = look.last_write.is_none_or(|last| written.is_some_and(|mark| mark >= last));
            look.marker = match complete {
                true if Some(*partition) == newest => written,
                true => look.last_write,
                false => None,
            };
        }
        Ok(())
    }

    pub(super) fn was_there(&self, modified: Timestamp) -> bool {
        self.as_of.is_none_or(|as_of| modified <= as_of)
    }
}

fn refuse_hidden(hidden: Vec<StoreError>) -> Result<(), StoreError> {
    hidden.into_iter().next().map_or(Ok(()), Err)
}
