//! What a look saw.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::gap::Gap;
use super::sizes::alike;
use crate::fingerprint::fnv1a;
use crate::partition::Partition;
use crate::roster::Roster;

/// What a listing returns of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectMeta {
    /// The key, relative to the lake's root, decoded, exactly as the store has it.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When the store last wrote it.
    pub last_modified: Timestamp,
    /// A hash of its ETag, if the store returns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<u64>,
}

/// What a listing returns of one object, while it is being listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed<'a> {
    /// The key, relative to the lake's root, decoded, exactly as the store has it.
    pub key: &'a str,
    /// Bytes.
    pub size: u64,
    /// When the store last wrote it.
    pub last_modified: Timestamp,
    /// A hash of its ETag, if the store returns one.
    pub etag: Option<u64>,
}

impl ObjectMeta {
    /// The same, borrowed.
    pub fn listed(&self) -> Listed<'_> {
        let ObjectMeta { key, size, last_modified, etag } = self;
        Listed { key, size: *size, last_modified: *last_modified, etag: *etag }
    }
}

impl Listed<'_> {
    /// The same, to keep.
    pub fn meta(&self) -> ObjectMeta {
        let Listed { key, size, last_modified, etag } = *self;
        ObjectMeta { key: key.to_owned(), size, last_modified, etag }
    }
}

/// The hash of an ETag, whether or not it is in quotes.
pub fn etag(text: &str) -> Option<u64> {
    let bare = text.trim().trim_matches('"');
    (!bare.is_empty()).then(|| fnv1a(bare.as_bytes()))
}

/// Everything that one look saw of one partition, folded from its listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionLook {
    /// Bytes of the data objects.
    pub bytes: u64,
    /// Data objects.
    pub objects: u64,
    /// Data objects of zero bytes.
    pub empty_objects: u64,
    /// Objects that are not data: markers, placeholders, names that start with `_` or `.`.
    pub ignored: u64,
    /// When the oldest data object was written.
    pub first_write: Option<Timestamp>,
    /// When the newest data object was written.
    pub last_write: Option<Timestamp>,
    /// When the completion marker was written, if it is there.
    pub marker: Option<Timestamp>,
    /// A digest of names, sizes and write times of the data objects, independent of their order: two looks at the
    /// same content agree.
    pub content: u64,
    /// A digest of the multiset of sizes alone: it is the same for a copy of another partition's files.
    pub sizes: u64,
    /// The longest pause between two consecutive writes of data objects, in whole seconds; `None` with fewer than two
    /// objects, or if an older version recorded it. Never more than the real pause; less only if the objects were
    /// written at more than 64 different seconds.
    #[serde(default)]
    pub pause: Option<i64>,
    /// A digest of the multiset of the data objects' ETags: it is the same for a copy of another partition's content.
    /// `None` if the store returns no ETags, or if there is no data object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etags: Option<u64>,
    /// Its parts, by name; `None` if there are too many of them, or if an older version recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roster: Option<Roster>,
}

/// From this many bytes on, equal content is reported: a header alone is always the same.
const COPIED_BYTES: u64 = 1_024;
/// This many objects do not have equal sizes by chance, unless they all have one size.
const COPIED_OBJECTS: u64 = 3;

impl PartitionLook {
    /// When its newest object was written, the marker included.
    pub fn written(&self) -> Option<Timestamp> {
        self.last_write.max(self.marker)
    }

    /// Whether it has the same content as `other`: the same ETags, or exactly the same sizes of several objects that
    /// are not all alike. Names and times do not count, because they are another partition's.
    pub fn is_copy_of(&self, other: &PartitionLook) -> bool {
        if self.bytes < COPIED_BYTES || (self.bytes, self.objects) != (other.bytes, other.objects) {
            return false;
        }
        let tagged = self.etags.is_some() && self.etags == other.etags;
        let of_one_size = self.bytes.checked_rem(self.objects) == Some(0)
            && self.sizes == alike(self.objects, self.bytes / self.objects.max(1));
        tagged || (self.objects >= COPIED_OBJECTS && self.sizes == other.sizes && !of_one_size)
    }
}

/// The outcome of one look at a dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// What was seen of each partition that was looked for and has data.
    pub partitions: BTreeMap<Partition, PartitionLook>,
    /// Partitions that were successfully looked for and are not there.
    pub absent: Vec<Partition>,
    /// What could not be seen; a partition in neither list above is unknown.
    pub gaps: Vec<Gap>,
    /// List requests sent.
    pub list_requests: u64,
    /// Names next to a missing partition, one of which may be it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub neighbours: BTreeMap<Partition, Vec<String>>,
    /// How long the run had taken, from reading the history to the end of the look, when judging began. `None` if
    /// there was no look.
    #[serde(default)]
    pub took: Option<SignedDuration>,
}

/// Names next to a partition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Names of folders (with a closing `/`) and files, without the folders above them.
    pub names: Vec<String>,
    /// List requests sent.
    pub list_requests: u64,
}
