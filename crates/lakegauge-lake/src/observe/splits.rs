//! Lists the values that split a dataset.

use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt;
use futures::future::BoxFuture;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::layout::Layout;
use lakegauge_core::splits::{DATES, Listed};

use super::ObjectLake;
use super::gaps::gather;
use super::looks::Dead;
use crate::abreast::abreast;
use crate::error::StoreError;
use crate::store::Level;

/// A folder with the time in its name, coarsest unit first.
type Dated = ([Option<i16>; 6], String);

impl ObjectLake {
    /// Lists the open levels of the path of `dataset` one after another. Splits whose keys come after the date are
    /// taken from the newest `dates`. A folder that cannot be listed is a gap; the others are still listed.
    pub(super) async fn list_splits(&self, dataset: &Dataset, dates: usize) -> Listed {
        let layout = &dataset.layout;
        let (mut listed, mut errors, dead) = (Listed::default(), Vec::new(), Dead::default());
        let mut folders = vec![layout.static_prefix().to_owned()];
        let below = layout.levels_below();
        let (mut keys, mut open) = (0, false);
        for (nth, level) in below.iter().enumerate() {
            let levels = self.levels(&folders, &dead, &mut errors).await;
            if layout.is_flat() && nth + 1 == below.len() {
                folders =
                    levels.into_iter().flat_map(|level| level.objects).map(|object| object.key).collect();
                break;
            }
            let found = levels.into_iter().flat_map(|level| level.prefixes);
            folders = match level.is_dated && level.keys == 0 {
                true => newest(layout, found, if keys == 0 { dates } else { DATES }, open),
                false => found.filter(|folder| layout.leads(folder).is_some()).collect(),
            };
            keys += level.keys;
            open |= level.keys == 0 && !level.is_dated;
        }
        let ordered = layout.is_coarse_first();
        for place in folders {
            // Any name below a folder shows the values of the keys before it.
            let key = if layout.is_flat() { place } else { format!("{place}x") };
            if let Some(located) = layout.locate(&key) {
                listed.push(located.splits, Some(located.partition).filter(|_| ordered));
            }
        }
        listed.gaps = errors.into_iter().map(Into::into).collect();
        gather(&mut listed.gaps);
        listed
    }

    /// The number of list requests that find these splits of `dataset`, if all succeed and a level fits into a page.
    pub fn planned_split_requests(dataset: &Dataset, splits: &BTreeSet<Vec<String>>) -> u64 {
        let (mut requests, mut keys, mut dates) = (0, 0, 1);
        for level in dataset.layout.levels_below() {
            let known: BTreeSet<&[String]> = splits.iter().filter_map(|values| values.get(..keys)).collect();
            requests += known.len().max(1) as u64 * dates;
            keys += level.keys;
            if level.is_dated && level.keys == 0 {
                dates = DATES as u64;
            }
        }
        requests
    }

    /// Lists these folders, except those that cannot be listed.
    async fn levels(&self, folders: &[String], dead: &Dead, errors: &mut Vec<StoreError>) -> Vec<Level> {
        let list = |folder| {
            let list = async move {
                dead.check()?;
                self.store.level(folder).await.inspect_err(|error| dead.note(error))
            };
            list.boxed()
        };
        let run: Vec<BoxFuture<'_, Result<Level, StoreError>>> =
            folders.iter().map(|folder| list(folder.as_str())).collect();
        let mut levels = Vec::new();
        for listed in abreast(run, self.width()).await {
            match listed {
                Ok(mut level) => {
                    errors.append(&mut level.hidden);
                    levels.push(level);
                }
                Err(error) => errors.push(error),
            }
        }
        levels
    }
}

/// The newest folders of each split, as far as the path shows it, or, below an `{*}`, of each parent folder.
fn newest(
    layout: &Layout,
    folders: impl Iterator<Item = String>,
    count: usize,
    each_folder: bool,
) -> Vec<String> {
    let mut groups: BTreeMap<(Vec<String>, String), BTreeSet<Dated>> = BTreeMap::new();
    for folder in folders {
        let Some(lead) = layout.leads(&folder) else { continue };
        let above = folder.trim_end_matches('/').rfind('/').and_then(|at| folder.get(..at));
        let above = above.filter(|_| each_folder).unwrap_or_default().to_owned();
        let group = groups.entry((lead.splits, above)).or_default();
        group.insert((lead.time, folder));
        if group.len() > count {
            group.pop_first();
        }
    }
    groups.into_values().flatten().map(|(_, folder)| folder).collect()
}
