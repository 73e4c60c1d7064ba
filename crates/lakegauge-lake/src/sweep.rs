//! A whole listing in parallel.
//!
//! Pages of one listing follow each other, so one listing is as slow as the store's answers. A sweep asks for
//! the folders at the top first, groups their names by common beginnings, and lists the groups side by side. The
//! groups are prefixes of keys: no key is in two, whatever the store's order, and a group of many small folders
//! still fills its pages.

use std::sync::Mutex;

use futures::stream::{self, StreamExt, TryStreamExt};

use crate::error::StoreError;
use crate::store::{Each, Level, Store};

/// Levels that a sweep goes down in search of enough folders.
const DEPTH: usize = 4;
/// Groups for each lane: some are done sooner than others.
const GROUPS_PER_LANE: usize = 3;

/// Lists every object below `prefix`, in no order, as [`Store::list`] does but in parallel where that helps.
///
/// # Errors
/// As [`Store::list`].
pub async fn sweep(
    store: &dyn Store,
    prefix: &str,
    each: &mut Each<'_>,
) -> Result<Vec<StoreError>, StoreError> {
    let lanes = store.lanes();
    if lanes < 2 {
        return store.list(prefix, None, each).await;
    }
    let mut hidden = Vec::new();
    let groups = groups(store, prefix, lanes, each, &mut hidden).await?;
    let each = Mutex::new(each);
    let lists = groups.iter().map(|group| {
        let each = &each;
        async move {
            let mut each = |key: &str, size, modified| {
                if let Ok(mut each) = each.lock() {
                    each(key, size, modified);
                }
            };
            store.list(group, None, &mut each).await
        }
    });
    let more: Vec<_> = stream::iter(lists).buffer_unordered(lanes).try_collect().await?;
    hidden.extend(more.into_iter().flatten());
    Ok(hidden)
}

/// Prefixes to list side by side; objects that are in none of them go to `each` at once.
async fn groups(
    store: &dyn Store,
    prefix: &str,
    lanes: usize,
    each: &mut Each<'_>,
    hidden: &mut Vec<StoreError>,
) -> Result<Vec<String>, StoreError> {
    let mut folders = vec![prefix.to_owned()];
    let mut groups = Vec::new();
    for _ in 0..DEPTH {
        let levels = stream::iter(&folders).map(|folder| store.level(folder)).buffered(lanes);
        let levels: Vec<Level> = levels.try_collect().await?;
        folders = levels.iter().flat_map(|level| level.prefixes.iter().cloned()).collect();
        groups = group(&folders, lanes * GROUPS_PER_LANE);
        let enough = folders.is_empty() || folders.len() >= lanes;
        for level in levels {
            for object in level.objects {
                if !enough || !groups.iter().any(|group| object.key.starts_with(group.as_str())) {
                    each(&object.key, object.size, object.last_modified);
                }
            }
            hidden.extend(level.hidden);
        }
        if enough {
            return Ok(groups);
        }
    }
    // The last level's objects are handed over: only whole folders may follow.
    groups.clear();
    Ok(folders)
}

/// At most about `most` beginnings such that each folder has exactly one of them, no one is the beginning of
/// another, and none stands for many more folders than it must.
fn group(folders: &[String], most: usize) -> Vec<String> {
    let mut folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    folders.sort_unstable();
    let mut groups = match folders.as_slice() {
        [] => return Vec::new(),
        all => vec![all],
    };
    while groups.len() < most {
        let Some(largest) =
            (0..groups.len()).max_by_key(|i| groups[*i].len()).filter(|i| groups[*i].len() > 1)
        else {
            break;
        };
        let all = groups.swap_remove(largest);
        let common = common(all);
        groups.extend(all.chunk_by(|a, b| a[common..].chars().next() == b[common..].chars().next()));
    }
    groups.iter().map(|all| all[0][..common(all)].to_owned()).collect()
}

/// Bytes with which all of the sorted texts begin, up to a character's boundary.
fn common(sorted: &[&str]) -> usize {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return 0 };
    let pairs = first.char_indices().zip(last.chars());
    pairs.take_while(|((_, a), b)| a == b).map(|((at, a), _)| at + a.len_utf8()).last().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_grouped_by_their_beginnings() {
        let days: Vec<String> =
            (1..=60).map(|d| format!("date=2026-{:02}-{:02}/", 1 + d / 31, 1 + d % 31)).collect();
        let mut groups = group(&days, 2);
        groups.sort();
        assert_eq!(groups, ["date=2026-01-", "date=2026-02-"]);
        assert_eq!(group(&days, 1000).len(), 60);
        assert_eq!(group(&[], 4), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn each_folder_is_in_exactly_one_group(
            folders in proptest::collection::btree_set("[abé=0-9]{0,6}/", 1..40),
            most in 1usize..20,
        ) {
            let folders: Vec<String> = folders.into_iter().collect();
            let groups = group(&folders, most);
            for folder in &folders {
                prop_assert_eq!(groups.iter().filter(|g| folder.starts_with(g.as_str())).count(), 1, "{}", folder);
            }
            for (i, a) in groups.iter().enumerate() {
                prop_assert!(groups.iter().enumerate().all(|(j, b)| i == j || !b.starts_with(a.as_str())));
            }
        }
    }
}
