//! What was seen.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::gap::Gap;
use crate::partition::Partition;

/// What a listing returns of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectMeta {
    /// The key, relative to the lake's root, decoded, exactly as the store has it.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// When the store last wrote it.
    pub last_modified: Timestamp,
}

/// All that one look saw of one partition, folded from its listing.
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
    /// A digest of names, sizes and write times of the data objects, whatever their order: two looks at the
    /// same content agree.
    pub content: u64,
    /// A digest of the multiset of sizes alone: a copy of another partition's files agrees in it.
    pub sizes: u64,
    /// The longest pause between two consecutive writes of data objects, in whole seconds; `None` with fewer than
    /// two objects, or where an older version wrote this down. Never more than the real one; less only where the
    /// objects were written at more than 64 different seconds.
    #[serde(default)]
    pub pause: Option<i64>,
}

/// The outcome of one look at a dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// What was seen of each partition that was looked for and found something.
    pub partitions: BTreeMap<Partition, PartitionLook>,
    /// Partitions that were looked for with success, and where nothing is.
    pub absent: Vec<Partition>,
    /// What could not be seen; a partition in neither list above is unknown.
    pub gaps: Vec<Gap>,
    /// List requests sent.
    pub list_requests: u64,
    /// How long the run had taken when what was seen came to be judged: reading the history, and the look. `None` where
    /// nobody looked.
    #[serde(default)]
    pub took: Option<SignedDuration>,
}
