//! A whole listing in parallel.
//!
//! The pages of one listing depend on each other, so one listing is as slow as the store's answers. A sweep that does
//! not fit into one page requests the top-level folders, groups their names by common prefixes, and lists the groups in
//! parallel. The groups are prefixes of keys, so no key is in two of them, whatever the store's order, and a group of
//! many small folders still fills its pages.

use std::sync::Mutex;

use futures::FutureExt;
use futures::future::BoxFuture;
use lakegauge_core::observation::{Listed, ObjectMeta};

use crate::abreast::try_abreast;
use crate::error::StoreError;
use crate::page::Page;
use crate::store::{Each, Level, Store};

/// Maximum number of levels to descend in search of enough folders.
const DEPTH: usize = 4;
/// Groups per lane: some finish earlier than others.
const GROUPS_PER_LANE: u64 = 3;

/// Lists every object below `prefix` whose key sorts after `start_after`, in no particular order: as [`Store::list`],
/// but in parallel where that helps.
///
/// # Errors
/// As [`Store::list`].
pub async fn sweep(
    store: &dyn Store,
    prefix: &str,
    start_after: Option<&str>,
    each: &mut Each<'_>,
) -> Result<Vec<StoreError>, StoreError> {
    if store.lanes() < 2 {
        return store.list(prefix, start_after, each).await;
    }
    let mut page = Page::default();
    if store.first(prefix, start_after, &mut |object| page.push(object)).await? {
        page.objects().for_each(each);
        return Ok(Vec::new());
    }
    let Plan { groups, objects, mut hidden } = plan(store, prefix, start_after, &page).await?;
    drop(page);
    for object in objects.iter().filter(|o| start_after.is_none_or(|after| o.key.as_str() > after)) {
        each(object.listed());
    }
    let each = Mutex::new(each);
    let list = |group| {
        let each = &each;
        let list = async move {
            let mut each = |object: Listed<'_>| {
                if let Ok(mut each) = each.lock() {
                    each(object);
                }
            };
            store.list(group, start_after, &mut each).await
        };
        list.boxed()
    };
    let lists: Vec<BoxFuture<'_, _>> = groups.iter().map(|group| list(group)).collect();
    let more = try_abreast(lists, store.lanes()).await?;
    hidden.extend(more.into_iter().flatten());
    Ok(hidden)
}

/// How a sweep continues after its first page.
struct Plan {
    /// Prefixes to list in parallel.
    groups: Vec<String>,
    /// Objects that are below none of them.
    objects: Vec<ObjectMeta>,
    hidden: Vec<StoreError>,
}

async fn plan(
    store: &dyn Store,
    prefix: &str,
    start_after: Option<&str>,
    page: &Page,
) -> Result<Plan, StoreError> {
    let mut folders = vec![prefix.to_owned()];
    let (mut objects, mut hidden) = (Vec::new(), Vec::new());
    let mut deep = DEPTH;
    while deep > 0 && folders.len() < store.lanes() && !folders.is_empty() {
        deep -= 1;
        let levels = folders.iter().map(|folder| store.level(folder)).collect();
        let levels: Vec<Level> = try_abreast(levels, store.lanes()).await?;
        folders.clear();
        for level in levels {
            folders.extend(level.prefixes);
            objects.extend(level.objects);
            hidden.extend(level.hidden);
        }
        // A folder that sorts entirely before the start contains nothing that was requested.
        folders
            .retain(|f| start_after.is_none_or(|after| f.as_str() > after || after.starts_with(f.as_str())));
    }
    folders.sort_unstable();
    // A store must not list a folder twice; if it does, the folder is still listed only once.
    folders.dedup();
    let most = pages(&folders, page).min(store.lanes() as u64 * GROUPS_PER_LANE);
    let mut groups = Vec::new();
    for group in group(&folders, usize::try_from(most).unwrap_or(1)) {
        if objects.iter().any(|object| object.key.starts_with(&group)) {
            // A file's name starts like the folders' names: use the whole folder names, which the file does not match.
            groups.extend(folders.iter().filter(|folder| folder.starts_with(&group)).cloned());
        } else {
            groups.push(group);
        }
    }
    Ok(Plan { groups, objects, hidden })
}

/// The approximate number of pages in the folders, if the first page is typical.
fn pages(folders: &[String], page: &Page) -> u64 {
    let folder = |key: &str| folders.partition_point(|folder| folder.as_str() <= key);
    let mut touched: Vec<usize> = page.objects().map(|object| folder(object.key)).collect();
    touched.sort_unstable();
    touched.dedup();
    (folders.len() as u64).div_ceil(touched.len().max(1) as u64)
}

/// About `most` prefixes at most, such that each of the sorted folders has exactly one of them, none is a prefix of
/// another, and none covers many more folders than it must.
fn group(folders: &[String], most: usize) -> Vec<String> {
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let mut groups = match folders.as_slice() {
        [] => return Vec::new(),
        all => vec![all],
    };
    while groups.len() < most {
        let largest = (0..groups.len()).max_by_key(|i| groups[*i].len()).filter(|i| groups[*i].len() > 1);
        let Some(largest) = largest else { break };
        let all = groups.swap_remove(largest);
        let common = common(all);
        let before = groups.len();
        groups.extend(all.chunk_by(|a, b| a[common..].chars().next() == b[common..].chars().next()));
        if groups.len() == before + 1 {
            // These cannot be told apart: splitting would not terminate.
            break;
        }
    }
    groups.iter().map(|all| all[0][..common(all)].to_owned()).collect()
}

/// The length of the common prefix of the sorted texts in bytes, at a character boundary.
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
        let mut days: Vec<String> =
            (1..=60).map(|d| format!("date=2026-{:02}-{:02}/", 1 + d / 31, 1 + d % 31)).collect();
        days.sort();
        let mut groups = group(&days, 2);
        groups.sort();
        assert_eq!(groups, ["date=2026-01-", "date=2026-02-"]);
        assert_eq!(group(&days, 1), ["date=2026-0"]);
        assert_eq!(group(&days, 1000).len(), 60);
        assert_eq!(group(&[], 4), Vec::<String>::new());
        let same = ["a/".to_owned(), "a/".to_owned(), "a/".to_owned()];
        assert_eq!(group(&same, 4), ["a/"], "no grouping goes on for ever");
    }

    #[test]
    fn the_first_page_tells_how_many_follow() {
        let days: Vec<String> = (10..30).map(|d| format!("d={d}/")).collect();
        let check = |keys: &[&str], expect: u64| {
            let mut page = Page::default();
            let last_modified = jiff::Timestamp::UNIX_EPOCH;
            keys.iter().for_each(|key| page.push(Listed { key, size: 1, last_modified, etag: None }));
            assert_eq!(pages(&days, &page), expect, "{keys:?}");
        };
        check(&["d=10/a", "d=10/b"], 20);
        check(&["d=10/a", "d=11/b"], 10);
        check(&[], 20);
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
