//! One pass over a lake's keys, in any order, that remembers partitions rather than keys.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use lakegauge_core::observation::is_data;
use lakegauge_core::partition::{Cadence, Partition};

use super::finding::Oddities;
use super::group::{FEW, Group};
use super::shape::{self, Shape};

/// How many templates, and how many folders without a date, are distinguished before the rest is only counted.
const MANY: usize = 10_000;

/// A folder's objects that name no date.
#[derive(Clone, Debug, Default)]
pub(super) struct Pile {
    pub(super) objects: u64,
    pub(super) bytes: u64,
    pub(super) example: String,
}

/// Collects the listing of a whole lake. Push every key, then call [`Survey::finish`].
#[derive(Clone, Debug, Default)]
pub struct Survey {
    pub(super) groups: Vec<Group>,
    index: HashMap<(String, String, bool), usize>,
    /// Markers without a date, by the folder they are in.
    pub(super) root_markers: BTreeMap<String, (String, i64)>,
    /// Folders with a table's log: the folder, and the format.
    pub(super) tables: BTreeMap<String, &'static str>,
    pub(super) undated: BTreeMap<String, Pile>,
    pub(super) odd: Oddities,
    pub(super) objects: u64,
    pub(super) bytes: u64,
    /// Not everything was listed.
    pub(super) sampled: bool,
    /// Folders that were not opened, and are not those of partitions.
    pub(super) unopened: Vec<String>,
    /// The folder of the last key and where its objects went: listings come folder by folder.
    last: Option<Last>,
}

#[derive(Clone, Debug)]
struct Last {
    folder: String,
    /// Bytes of the key above the object's name within its partition.
    name: usize,
    group: usize,
    partition: Partition,
}

impl Survey {
    /// An empty survey.
    pub fn new() -> Survey {
        Survey::default()
    }

    /// Adds one object: its key relative to the lake's root, its bytes, and when the store last wrote it.
    /// Takes any key.
    pub fn push(&mut self, key: &str, size: u64, last_modified: Timestamp) {
        self.note(key, size, last_modified, true);
    }

    /// The same for an object of a folder of which not all objects are pushed: how much the folder holds, and when the
    /// last of it was written, remains unknown.
    pub fn push_sampled(&mut self, key: &str, size: u64, last_modified: Timestamp) {
        self.sampled = true;
        self.note(key, size, last_modified, false);
    }

    /// Notes a folder, with its trailing `/`, of which nothing is pushed, because others like it were pushed before.
    pub fn unseen(&mut self, folder: &str) {
        self.sampled = true;
        let key = format!("{folder}x");
        let known = shape::shape(&key).and_then(|shape| {
            let id = (shape.template.clone(), shape.below().to_owned(), false);
            Some((self.groups.get_mut(*self.index.get(&id)?)?, shape.partition))
        });
        match known {
            Some((group, partition)) => drop(group.unseen.insert(partition)),
            // A day of hours, say, whose hours are not known.
            None if self.unopened.len() < MANY => self.unopened.push(folder.to_owned()),
            None => {}
        }
    }

    fn note(&mut self, key: &str, size: u64, last_modified: Timestamp, whole: bool) {
        self.objects += 1;
        self.bytes = self.bytes.saturating_add(size);
        if is_scratch(key) {
            return;
        }
        let at = last_modified.as_second();
        let folder = key.rfind('/').map_or("", |slash| key.get(..=slash).unwrap_or_default());
        if shape::is_odd(key) {
            self.odd.note(key);
        } else if let Some(Last { name, group, partition, .. }) =
            self.last.as_ref().filter(|last| last.folder == folder)
        {
            let (name, group, partition) = (*name, *group, *partition);
            self.add(group, partition, key.get(name..).unwrap_or_default(), size, at, whole);
            return;
        }
        self.note_table(key);
        match shape::shape(key).filter(|shape| !shape::is_odd(&shape.template)) {
            Some(shape) => self.dated(key, folder, &shape, size, at, whole),
            None => self.undated(key, folder, size, at),
        }
    }

    fn dated(&mut self, key: &str, folder: &str, shape: &Shape<'_>, size: u64, at: i64, whole: bool) {
        let marker = shape.flat && is_marker(shape.name, folder, size);
        if shape.flat && !marker && (is_sidecar(shape.name) || !is_data(shape.name, size)) {
            return;
        }
        let Some(group) = self.group(key, shape, marker) else {
            return self.undated(key, folder, size, at);
        };
        // A file in a folder named after a month may still name a day.
        if !shape.flat && shape.partition.cadence() != Cadence::Monthly {
            let name = key.len() - shape.name.len();
            self.last = Some(Last { folder: folder.to_owned(), name, group, partition: shape.partition });
        }
        self.add(group, shape.partition, shape.name, size, at, whole);
    }

    fn group(&mut self, key: &str, shape: &Shape<'_>, marker: bool) -> Option<usize> {
        let below = shape.below();
        let id = (shape.template.clone(), below.to_owned(), marker);
        let next = self.groups.len();
        let index = match self.index.get(&id) {
            Some(index) => *index,
            None if next >= MANY => return None,
            None => {
                self.index.insert(id, next);
                self.groups.push(Group {
                    template: shape.template.clone(),
                    below: below.to_owned(),
                    coarse: shape.coarse.clone(),
                    flat: shape.flat,
                    marker,
                    example: key.to_owned(),
                    ..Group::default()
                });
                next
            }
        };
        let group = self.groups.get_mut(index)?;
        group.padding.join(shape.padding);
        group.weak |= shape.weak;
        group.note_keys(&shape.keys);
        Some(index)
    }

    fn add(&mut self, group: usize, partition: Partition, name: &str, size: u64, at: i64, whole: bool) {
        let Some(group) = self.groups.get_mut(group) else { return };
        if !group.flat && !name.contains('/') && is_marker(name, "", size) {
            let bit = group.marker_bit(name);
            let part = group.parts.entry(partition).or_default();
            part.markers |= bit;
            part.marked = part.marked.max(at);
        } else if group.marker || is_data(name, size) {
            group.note_object(partition, size, at, whole);
            group.note_format(name);
        }
    }

    fn undated(&mut self, key: &str, folder: &str, size: u64, at: i64) {
        let name = key.get(folder.len()..).unwrap_or_default();
        if is_marker(name, "", size) && self.root_markers.len() < MANY {
            let known = self.root_markers.entry(folder.to_owned()).or_insert((name.to_owned(), at));
            if at > known.1 {
                *known = (name.to_owned(), at);
            }
        }
        if name.is_empty() || !is_data(key, size) {
            return;
        }
        let known = self.undated.len() < MANY || self.undated.contains_key(folder);
        let folder = if known { folder } else { top(folder) };
        let pile = self.undated.entry(folder.to_owned()).or_default();
        pile.objects += 1;
        pile.bytes = pile.bytes.saturating_add(size);
        if pile.example.is_empty() {
            pile.example = key.to_owned();
        }
    }

    fn note_table(&mut self, key: &str) {
        let found = match key.find("_delta_log/") {
            Some(at) if at == 0 || key.get(..at).is_some_and(|table| table.ends_with('/')) => {
                Some((at, "Delta"))
            }
            _ if key.ends_with(".metadata.json") => key.rfind("metadata/").map(|at| (at, "Iceberg")),
            _ => None,
        };
        if let Some((at, format)) = found
            && self.tables.len() < MANY
        {
            self.tables.entry(key.get(..at).unwrap_or_default().to_owned()).or_insert(format);
        }
    }
}

fn top(folder: &str) -> &str {
    folder.find('/').and_then(|slash| folder.get(..=slash)).unwrap_or_default()
}

/// Whether an object marks completeness: `_SUCCESS`, an empty `done`, an empty file in a folder of markers.
fn is_marker(name: &str, folder: &str, size: u64) -> bool {
    const WORDS: [&str; 8] =
        ["success", "succeeded", "done", "complete", "completed", "ready", "finished", "ok"];
    let says = |text: &str| {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| WORDS.iter().any(|known| known.eq_ignore_ascii_case(word)))
    };
    let within = folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    // Some writers put a run's id or a count into their marker, but no data.
    let small = size == 0 || (size < 4096 && (name.starts_with('_') || name.ends_with("SUCCESS")));
    small && says(name) || size == 0 && !name.is_empty() && says(within)
}

/// Whether a key is in a place where the committers of Hadoop and Spark keep uncommitted data, and leave it when they
/// crash. It is never a dataset, whatever its name.
fn is_scratch(key: &str) -> bool {
    const PLACES: [&str; 3] = ["_temporary", "_scratch", ".hive-staging"];
    let mut levels = key.split('/').rev().skip(1);
    levels.any(|level| PLACES.iter().any(|place| level.strip_prefix(place).is_some_and(is_suffix)))
}

/// What follows the name of such a place: nothing, or a number (`.hive-staging_hive_2026…`).
fn is_suffix(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with("_hive")
}

/// Files next to the data that repeat its name.
fn is_sidecar(name: &str) -> bool {
    const KINDS: [&str; 9] = ["md5", "sha1", "sha256", "sha512", "crc", "crc32", "sig", "asc", "ctl"];
    name.rsplit_once('.').is_some_and(|(_, kind)| KINDS.contains(&kind))
}

impl Oddities {
    fn note(&mut self, key: &str) {
        self.objects += 1;
        if self.examples.len() < 3 {
            self.examples.push(key.chars().take(FEW * 2).flat_map(char::escape_debug).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_committer_left_behind_is_no_dataset() {
        let check = |key: &str, expect: bool| assert_eq!(is_scratch(key), expect, "{key}");
        check("sales/_temporary/0/task_20261122/part-0", true);
        check("sales/date=2026-11-22/_temporary/0/part-0", true);
        check("sales/.hive-staging_hive_2026-11-22_04-00-00_1/part-0", true);
        check("sales/_temporary_tables/date=2026-11-22/part-0", false);
        check("sales/date=2026-11-22/_temporary", false);
        let mut survey = Survey::new();
        for day in 1..=20 {
            let key = format!("sales/_temporary/0/task_202611{day:02}/part-0");
            survey.push(&key, 9, Timestamp::UNIX_EPOCH);
        }
        let found = survey.finish("2026-11-22T09:00:00Z".parse().unwrap());
        assert_eq!((found.datasets.len(), found.undated.len(), found.objects), (0, 0, 20));
    }
}
