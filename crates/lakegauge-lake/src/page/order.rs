//! Checks the order of a listing, so that no key counts twice and no listing runs in circles.

use jiff::Timestamp;
use lakegauge_core::observation::Listed;

/// Follows the keys of one listing.
///
/// Every store lists by the bytes of the keys, or folder by folder, where `/` sorts before any other character
/// (SeaweedFS, Azure with a hierarchical namespace). If the keys ascend in neither of the two orders, a key has come
/// twice, or will.
#[derive(Debug)]
pub(crate) struct Order {
    last: Option<(String, u64, Timestamp)>,
    orders: Orders,
}

/// Which orders have held so far.
#[derive(Clone, Copy, Debug)]
struct Orders {
    bytes: bool,
    folders: bool,
}

/// A key that does not follow the previous one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OutOfOrder {
    pub(crate) before: String,
    pub(crate) key: String,
}

impl Default for Order {
    fn default() -> Order {
        Order { last: None, orders: Orders { bytes: true, folders: true } }
    }
}

impl Order {
    /// Takes the keys of the next page, and passes on each new one. Returns their number.
    ///
    /// The last key of a page may be the first of the next, with the same size and time, because some stores treat a
    /// continuation as inclusive.
    pub(crate) fn take<'p>(
        &mut self,
        objects: impl Iterator<Item = Listed<'p>>,
        each: &mut dyn FnMut(Listed<'_>),
    ) -> Result<usize, OutOfOrder> {
        let kept = self.last.take();
        let mut last = kept.as_ref().map(|(key, size, modified)| (key.as_str(), *size, *modified));
        let mut new = 0;
        for listed in objects {
            let object = (listed.key, listed.size, listed.last_modified);
            let key = listed.key;
            if let Some(before) = last {
                if before == object {
                    continue;
                }
                if !self.orders.hold(before.0, key) {
                    return Err(OutOfOrder { before: before.0.to_owned(), key: key.to_owned() });
                }
            }
            each(listed);
            last = Some(object);
            new += 1;
        }
        self.last = last.map(|(key, size, modified)| (key.to_owned(), size, modified));
        Ok(new)
    }
}

impl Orders {
    /// Whether `key` follows `before` in an order that has held so far.
    fn hold(&mut self, before: &str, key: &str) -> bool {
        let (before, key) = (before.as_bytes(), key.as_bytes());
        let same = before.iter().zip(key).take_while(|(a, b)| a == b).count();
        let (a, b) = (before.get(same), key.get(same));
        // The end of a key sorts before everything, followed by `/` where folders come first.
        let rank = |byte: Option<&u8>| byte.map(|byte| if *byte == b'/' { 0 } else { u16::from(*byte) + 1 });
        self.bytes &= a < b;
        self.folders &= rank(a) < rank(b);
        self.bytes || self.folders
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn object(key: &str, size: u64) -> Listed<'_> {
        Listed { key, size, last_modified: Timestamp::UNIX_EPOCH, etag: None }
    }

    /// Pages of keys; the number of keys that are passed on, or the key that is out of order.
    fn check(pages: &[&[&str]], expect: Result<usize, &str>) {
        let mut order = Order::default();
        let mut seen = Vec::new();
        let outcome: Result<usize, OutOfOrder> = pages
            .iter()
            .map(|page| {
                let objects = page.iter().map(|key| object(key, 1));
                order.take(objects, &mut |object| seen.push(object.key.to_owned()))
            })
            .sum();
        assert_eq!(outcome.as_ref().map_err(|o| o.key.as_str()).copied(), expect, "{pages:?}");
        if let Ok(new) = outcome {
            assert_eq!(new, seen.len());
        }
    }

    #[test]
    fn keys_follow_each_other_in_one_of_two_orders() {
        check(&[], Ok(0));
        check(&[&["a", "b"], &["c"]], Ok(3));
        check(&[&["a-b", "a/x"]], Ok(2));
        check(&[&["a/x", "a-b"], &["a0"]], Ok(3));
        check(&[&["a", "a/x", "a/y/z", "a-b"]], Ok(4));
        check(&[&["b", "a"]], Err("a"));
        // Each order holds for a part, neither for all.
        check(&[&["a-b", "a/x", "a-c"]], Err("a-c"));
    }

    #[test]
    fn a_key_counts_once() {
        check(&[&["a", "a"], &["a", "b"]], Ok(2));
        check(&[&["a", "b"], &["a", "b"]], Err("a"));
        check(&[&["a", "b", "a"]], Err("a"));
        let mut order = Order::default();
        let two = [object("a", 1), object("a", 2)];
        assert!(order.take(two.into_iter(), &mut |_| {}).is_err(), "one key of two sizes");
    }

    proptest! {
        #[test]
        fn sorted_keys_pass_in_either_order_and_no_key_passes_twice(
            keys in proptest::collection::btree_set("[ab/-]{1,5}", 1..12),
            size in 1usize..5,
            again in 0usize..12,
        ) {
            let folders = |key: &String| key.bytes().map(|b| if b == b'/' { 0 } else { b }).collect::<Vec<u8>>();
            let mut by_bytes: Vec<String> = keys.into_iter().collect();
            let mut by_folders = by_bytes.clone();
            by_folders.sort_by_key(folders);
            for listed in [&mut by_bytes, &mut by_folders] {
                let all = listed.len();
                let take = |keys: &[String]| {
                    let mut order = Order::default();
                    let page = |page: &[String]| {
                        let objects = page.iter().map(|key| object(key, 1));
                        order.take(objects, &mut |_| {})
                    };
                    keys.chunks(size).map(page).sum::<Result<usize, OutOfOrder>>()
                };
                prop_assert_eq!(take(listed), Ok(all));
                let again = listed[again % all].clone();
                let last = listed.last() == Some(&again);
                listed.push(again);
                prop_assert_eq!(take(listed).ok(), last.then_some(all));
            }
        }
    }
}
