//! What is remembered about one template: a small record per partition.

use std::collections::{BTreeMap, BTreeSet};

use lakegauge_core::observation::Pauses;
use lakegauge_core::partition::Partition;

use super::numbers::Padding;

/// How many distinct values or names are remembered before counting stops.
pub(super) const FEW: usize = 64;

/// One partition as the survey saw it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    /// Data objects.
    pub(super) objects: u32,
    /// Bytes of the data objects.
    pub(super) bytes: u64,
    /// Unix seconds of the oldest and of the newest write of data.
    pub(super) first: i64,
    pub(super) last: i64,
    /// Which of the group's marker names are present, one bit per name.
    pub(super) markers: u8,
    /// Unix seconds of the newest marker.
    pub(super) marked: i64,
    /// There are more data objects than these.
    pub(super) cut: bool,
}

impl Part {
    pub(super) fn add(&mut self, size: u64, at: i64) {
        self.first = if self.objects == 0 { at } else { self.first.min(at) };
        self.last = if self.objects == 0 { at } else { self.last.max(at) };
        self.objects = self.objects.saturating_add(1);
        self.bytes = self.bytes.saturating_add(size);
    }

    /// Merges what two templates saw of one partition; `bits` are the other's markers under this group's names.
    pub(super) fn join(&mut self, other: Part, bits: u8) {
        if other.objects > 0 {
            self.first = if self.objects == 0 { other.first } else { self.first.min(other.first) };
            self.last = if self.objects == 0 { other.last } else { self.last.max(other.last) };
        }
        self.objects = self.objects.saturating_add(other.objects);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.marked = self.marked.max(other.marked);
        self.cut |= other.cut;
        self.markers |= bits;
    }
}

/// Everything that follows one template.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) template: String,
    /// The folder below the date, where it may be a dataset of its own.
    pub(super) below: String,
    /// See `Shape::coarse`.
    pub(super) coarse: Option<String>,
    pub(super) flat: bool,
    pub(super) weak: bool,
    /// Files that mark completeness, one per partition, and hold no data.
    pub(super) marker: bool,
    pub(super) padding: Padding,
    pub(super) parts: BTreeMap<Partition, Part>,
    /// Partitions that are there and were not looked at.
    pub(super) unseen: BTreeSet<Partition>,
    /// The pauses inside the newest partitions; those of all would take too much memory.
    pub(super) pauses: BTreeMap<Partition, Pauses>,
    /// Names of markers within partitions; the bits of [`Part::markers`].
    pub(super) markers: Vec<String>,
    /// Data objects by the extension of their names.
    pub(super) formats: BTreeMap<String, u64>,
    /// Values of `key=value` levels above the date, by key.
    pub(super) keys: BTreeMap<String, BTreeSet<String>>,
    /// A key that was seen, used to verify the template.
    pub(super) example: String,
}

impl Group {
    /// The bit of a marker's name; 0 when there are more names than bits.
    pub(super) fn marker_bit(&mut self, name: &str) -> u8 {
        let index = self.markers.iter().position(|known| known == name).unwrap_or_else(|| {
            if self.markers.len() < 8 {
                self.markers.push(name.to_owned());
            }
            if self.markers.last().is_some_and(|last| last == name) { self.markers.len() - 1 } else { 8 }
        });
        1u8.checked_shl(index as u32).unwrap_or(0)
    }

    /// Notes a data object of `partition`, written at the Unix second `at`.
    pub(super) fn note_object(&mut self, partition: Partition, size: u64, at: i64, whole: bool) {
        let part = self.parts.entry(partition).or_default();
        part.add(size, at);
        part.cut |= !whole;
        if part.cut {
            // Pauses between some objects are none of the writer's.
            return;
        }
        let old =
            self.pauses.len() >= FEW && self.pauses.first_key_value().is_some_and(|(p, _)| partition < *p);
        if !old {
            self.pauses.entry(partition).or_default().push(at);
            self.forget_pauses();
        }
    }

    fn forget_pauses(&mut self) {
        while self.pauses.len() > FEW {
            self.pauses.pop_first();
        }
    }

    pub(super) fn note_format(&mut self, name: &str) {
        let extension = extension(name);
        if let Some(count) = self.formats.get_mut(extension) {
            *count += 1;
        } else if self.formats.len() < FEW {
            self.formats.insert(extension.to_owned(), 1);
        }
    }

    pub(super) fn note_keys(&mut self, keys: &[(&str, &str)]) {
        for (key, value) in keys {
            let values = self.keys.entry((*key).to_owned()).or_default();
            if values.len() < FEW && !values.contains(*value) {
                values.insert((*value).to_owned());
            }
        }
    }

    /// Merges what another template saw; `partition` renames its partitions.
    pub(super) fn absorb(&mut self, other: Group, partition: impl Fn(Partition) -> Partition) {
        let bits: Vec<u8> = other.markers.iter().map(|name| self.marker_bit(name)).collect();
        self.unseen.extend(other.unseen.iter().map(|unseen| partition(*unseen)));
        for (name, part) in other.parts {
            let set = (0..8).filter(|bit| part.markers & (1 << bit) != 0);
            let joined = set.filter_map(|bit| bits.get(bit)).fold(0, |joined, bit| joined | bit);
            self.parts.entry(partition(name)).or_default().join(part, joined);
        }
        for (name, pauses) in &other.pauses {
            self.pauses.entry(partition(*name)).or_default().join(pauses);
        }
        self.forget_pauses();
        self.padding.join(other.padding);
        for (extension, count) in other.formats {
            *self.formats.entry(extension).or_default() += count;
        }
        for (key, values) in other.keys {
            self.keys.entry(key).or_default().extend(values);
        }
    }

    /// Data objects of all partitions.
    pub(super) fn objects(&self) -> u64 {
        self.parts.values().map(|part| u64::from(part.objects)).sum()
    }

    /// Bytes of all partitions.
    pub(super) fn bytes(&self) -> u64 {
        self.parts.values().map(|part| part.bytes).fold(0, u64::saturating_add)
    }
}

/// The extension of an object's name, without that of the compression: `csv` for `a.csv.gz`.
fn extension(name: &str) -> &str {
    let file = name.rsplit('/').next().unwrap_or(name);
    let mut parts = file.rsplit('.');
    let (last, before) = (parts.next().unwrap_or_default(), parts.next());
    let packed = ["gz", "gzip", "zst", "snappy", "bz2", "lz4", "xz", "zip"].contains(&last);
    match (before, parts.next()) {
        (None, _) => "",
        (Some(before), Some(_)) if packed => before,
        _ => last,
    }
}
