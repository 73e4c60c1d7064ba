//! What one look at the lake saw, and what it could not see.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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

/// Why something could not be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// The bucket, container or folder does not exist.
    NotFound,
    /// The credentials may not look here, or there are none.
    Denied,
    /// The store asked for fewer requests, and went on asking.
    Throttled,
    /// No connection, a reset, a time-out or a server error, after all retries.
    Unreachable,
    /// The store answered with something that is not a listing.
    Malformed,
    /// A listing ended before its end.
    Truncated,
    /// The store refuses this machine's clock.
    ClockSkew,
    /// The config asks for something that this version cannot look at.
    Unsupported,
}

impl GapKind {
    /// Whether waiting does not help: somebody has to change an address, a permission or the config.
    pub fn is_lasting(self) -> bool {
        matches!(self, GapKind::NotFound | GapKind::Denied | GapKind::Unsupported)
    }

    /// What to do about it, as one sentence.
    pub fn hint(self) -> &'static str {
        match self {
            GapKind::NotFound => "check the lake's address: the bucket or folder is not there",
            GapKind::Denied => "check the credentials and that they may list this prefix (s3:ListBucket)",
            GapKind::Throttled => {
                "the store is busy: look again later or lower the number of parallel requests"
            }
            GapKind::Unreachable => "check the network, the endpoint and the region, then look again",
            GapKind::Malformed => {
                "is the endpoint an object store? a proxy or a login page may have answered"
            }
            GapKind::Truncated => {
                "the listing broke off: look again; if it stays, the store's paging is broken"
            }
            GapKind::ClockSkew => {
                "set this machine's clock: the store refuses requests signed at a wrong time"
            }
            GapKind::Unsupported => "this version of lakegauge cannot look at it",
        }
    }
}

impl fmt::Display for GapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            GapKind::NotFound => "not found",
            GapKind::Denied => "denied",
            GapKind::Throttled => "throttled",
            GapKind::Unreachable => "unreachable",
            GapKind::Malformed => "malformed",
            GapKind::Truncated => "truncated",
            GapKind::ClockSkew => "clock skew",
            GapKind::Unsupported => "unsupported",
        })
    }
}

/// Something that could not be seen. Not seeing is not health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// What went wrong.
    pub kind: GapKind,
    /// The prefix or file that could not be read, as a user would name it.
    pub place: String,
    /// What the store said, without secrets.
    pub detail: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}); {}", self.place, self.kind, self.detail, self.kind.hint())
    }
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
}

/// Folds the objects of one partition's listing into a [`PartitionLook`].
#[derive(Clone, Debug)]
pub struct LookFold {
    look: PartitionLook,
    marker_name: Option<String>,
}

impl LookFold {
    /// An empty fold. `marker_name` is the file name that says "complete" (for example `_SUCCESS`).
    pub fn new(marker_name: Option<&str>) -> LookFold {
        let look = PartitionLook {
            bytes: 0,
            objects: 0,
            empty_objects: 0,
            ignored: 0,
            first_write: None,
            last_write: None,
            marker: None,
            content: 0,
            sizes: 0,
        };
        LookFold { look, marker_name: marker_name.map(str::to_owned) }
    }

    /// Adds one object. `name` is its key below the partition's prefix.
    pub fn push(&mut self, name: &str, size: u64, last_modified: Timestamp) {
        let look = &mut self.look;
        if self.marker_name.as_deref() == Some(name) {
            look.marker = look.marker.max(Some(last_modified));
            return;
        }
        if !is_data(name, size) {
            look.ignored += 1;
            return;
        }
        look.objects += 1;
        look.bytes = look.bytes.saturating_add(size);
        look.empty_objects += u64::from(size == 0);
        look.first_write = Some(look.first_write.map_or(last_modified, |t| t.min(last_modified)));
        look.last_write = look.last_write.max(Some(last_modified));
        let written = last_modified.as_nanosecond() as u64;
        // Wrapping sums of a hash an object: the digest does not depend on the listing's order.
        look.content = look.content.wrapping_add(mix(mix(fnv1a(name.as_bytes()), size), written));
        look.sizes = look.sizes.wrapping_add(mix(0x9e37_79b9_7f4a_7c15, size));
    }

    /// True when nothing at all was pushed.
    pub fn is_empty(&self) -> bool {
        self.look.objects == 0 && self.look.ignored == 0 && self.look.marker.is_none()
    }

    /// The folded look.
    pub fn finish(self) -> PartitionLook {
        self.look
    }
}

/// Whether an object is data: not a directory placeholder, and no part of its name hidden from Hive and Spark
/// readers, which skip names that start with `_` or `.`.
pub fn is_data(name: &str, size: u64) -> bool {
    if name.is_empty() || (name.ends_with('/') && size == 0) || name.ends_with("_$folder$") {
        return false;
    }
    // A `key=value` level may start with an underscore; readers do not hide those.
    !name.split('/').any(|part| (part.starts_with('_') && !part.contains('=')) || part.starts_with('.'))
}

/// FNV-1a, 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>): small, and the same on every machine.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// One round of the splitmix64 finaliser (Steele, Lea and Flood 2014) over a running hash.
fn mix(hash: u64, value: u64) -> u64 {
    let mut z = hash.rotate_left(29) ^ value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fold(objects: &[(&str, u64, i64)]) -> PartitionLook {
        let mut fold = LookFold::new(Some("_SUCCESS"));
        for (name, size, at) in objects {
            fold.push(name, *size, Timestamp::from_second(*at).unwrap());
        }
        fold.finish()
    }

    #[test]
    fn markers_placeholders_and_hidden_names_are_not_data() {
        let check = |name, size, expect| assert_eq!(is_data(name, size), expect, "{name:?}");
        check("part-0.parquet", 0, true);
        check("", 0, false);
        check("sub/", 0, false);
        check("sub/", 7, true);
        check("sub/_temporary/0/part", 7, false);
        check(".crc", 7, false);
        check("_region=uk/part", 7, true);
        check("x_$folder$", 0, false);
        check("a//b", 1, true);
    }

    #[test]
    fn the_marker_is_dated_and_not_counted() {
        let look = fold(&[("a", 3, 10), ("_SUCCESS", 0, 20), ("b", 0, 15), ("_metadata", 9, 30)]);
        assert_eq!((look.bytes, look.objects, look.empty_objects, look.ignored), (3, 2, 1, 1));
        assert_eq!(look.marker, Timestamp::from_second(20).ok());
        assert_eq!(look.last_write, Timestamp::from_second(15).ok());
    }

    proptest! {
        #[test]
        fn digests_ignore_order_and_see_change(mut sizes in proptest::collection::vec(0u64..1000, 1..20)) {
            let names: Vec<String> = (0..sizes.len()).map(|i| format!("part-{i}")).collect();
            let look = |sizes: &[u64], rev: bool| {
                let mut v: Vec<_> = names.iter().zip(sizes).map(|(n, s)| (n.as_str(), *s, 5)).collect();
                if rev { v.reverse(); }
                fold(&v)
            };
            let first = look(&sizes, false);
            prop_assert_eq!(&first, &look(&sizes, true));
            sizes[0] += 1;
            let changed = look(&sizes, false);
            prop_assert_ne!(first.content, changed.content);
            prop_assert_ne!(first.sizes, changed.sizes);
        }
    }
}
