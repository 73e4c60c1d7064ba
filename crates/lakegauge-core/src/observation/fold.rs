//! Folds the objects of a listing into a look.

use jiff::Timestamp;

use super::look::{Listed, PartitionLook};
use super::pause::Pauses;
use super::sizes::SEED;
use crate::fingerprint::{fnv1a, mix};
use crate::roster::Gather;

/// Folds the objects of one partition's listing into a [`PartitionLook`].
#[derive(Clone, Debug)]
pub struct LookFold {
    look: PartitionLook,
    pauses: Pauses,
    roster: Gather,
    marker_name: Option<String>,
}

impl LookFold {
    /// An empty fold. `marker_name` is the file name that marks completeness (for example `_SUCCESS`).
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
            pause: None,
            etags: Some(0),
            roster: None,
        };
        let marker_name = marker_name.map(str::to_owned);
        LookFold { look, pauses: Pauses::default(), roster: Gather::default(), marker_name }
    }

    /// Adds one object when only these facts are known. `name` is its key below the partition's prefix.
    pub fn push(&mut self, name: &str, size: u64, last_modified: Timestamp) {
        self.add("", name, Listed { key: name, size, last_modified, etag: None });
    }

    /// Adds one object. `name` is its key below the partition's prefix, and `above` is the text of the levels that
    /// the dataset's path leaves open above the date.
    pub fn add(&mut self, above: &str, name: &str, object: Listed<'_>) {
        let Listed { size, last_modified, etag, .. } = object;
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
        self.pauses.push(last_modified.as_second());
        let written = last_modified.as_nanosecond() as u64;
        // Wrapping sums of one hash per object, so that the digest does not depend on the listing's order.
        look.content = look.content.wrapping_add(mix(mix(fnv1a(name.as_bytes()), size), written));
        look.sizes = look.sizes.wrapping_add(mix(SEED, size));
        look.etags = look.etags.zip(etag).map(|(sum, etag)| sum.wrapping_add(mix(SEED, etag)));
        self.roster.push(above, name);
    }

    /// True when nothing at all was pushed.
    pub fn is_empty(&self) -> bool {
        self.look.objects == 0 && self.look.ignored == 0 && self.look.marker.is_none()
    }

    /// The folded look.
    pub fn finish(self) -> PartitionLook {
        let pause = (self.look.objects > 1).then(|| self.pauses.longest());
        let etags = self.look.etags.filter(|_| self.look.objects > 0);
        PartitionLook { pause, etags, roster: self.roster.finish(), ..self.look }
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
    fn the_longest_pause_is_between_data_objects() {
        let check = |objects: &[(&str, u64, i64)], expect: Option<i64>| {
            assert_eq!(fold(objects).pause, expect, "{objects:?}");
        };
        check(&[], None);
        check(&[("a", 1, 10), ("_SUCCESS", 0, 90)], None);
        check(&[("a", 1, 10), ("b", 1, 10)], Some(0));
        check(&[("a", 1, 100), ("b", 1, 10), ("c", 1, 70), ("_metadata", 1, 900)], Some(60));
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
