//! Looks for similar names next to a missing partition.

use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::observation::Neighbours;
use lakegauge_core::partition::Partition;

use super::ObjectLake;
use crate::error::StoreError;
use crate::store::Store;

/// Maximum number of names in the report.
const TOLD: usize = 3;

impl ObjectLake {
    /// Looks at the level above a partition for a similar name. What cannot be seen there is not a gap: the partition
    /// itself was seen to be absent.
    pub(super) async fn look_nearby(
        &self,
        dataset: &Dataset,
        partition: Partition,
        as_of: Option<Timestamp>,
    ) -> Neighbours {
        let store = self.store.view();
        let names = found(store.as_ref(), dataset, partition, as_of).await.unwrap_or_else(|error| {
            tracing::debug!(%error, "the level above a missing partition cannot be listed");
            Vec::new()
        });
        Neighbours { names, list_requests: store.requests() }
    }
}

async fn found(
    store: &dyn Store,
    dataset: &Dataset,
    partition: Partition,
    as_of: Option<Timestamp>,
) -> Result<Vec<String>, StoreError> {
    let Some(nearby) = dataset.layout.nearby(partition, &dataset.splits) else { return Ok(Vec::new()) };
    for prefix in &nearby.prefixes {
        let level = store.level(prefix).await?;
        let was_there = |at: Timestamp| as_of.is_none_or(|as_of| at <= as_of);
        let files = level.objects.iter().filter(|object| was_there(object.last_modified)).map(|o| &o.key);
        let mut names: Vec<&String> =
            level.prefixes.iter().chain(files).filter(|path| nearby.resembles(name(path))).collect();
        names.sort_unstable();
        names.truncate(TOLD);
        let mut told = Vec::new();
        for path in names {
            if !path.ends_with('/') || held(store, path, as_of).await? {
                told.push(name(path).to_owned());
            }
        }
        if !told.is_empty() {
            return Ok(told);
        }
    }
    Ok(Vec::new())
}

/// Whether a folder contained anything at that time; without a time, a listed folder does.
async fn held(store: &dyn Store, folder: &str, as_of: Option<Timestamp>) -> Result<bool, StoreError> {
    let Some(as_of) = as_of else { return Ok(true) };
    let mut held = false;
    store.first(folder, None, &mut |object| held |= object.last_modified <= as_of).await?;
    Ok(held)
}

/// The last level of a path, with its `/`.
fn name(path: &str) -> &str {
    let end = path.strip_suffix('/').unwrap_or(path).rfind('/').map_or(0, |slash| slash + 1);
    path.get(end..).unwrap_or(path)
}
