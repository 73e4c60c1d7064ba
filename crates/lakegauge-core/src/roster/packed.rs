//! Packs many names into few bytes.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The names of a partition's parts, sorted: folders with a closing `/`, files without.
///
/// Consecutive names share their beginnings, and only the rest of each is kept: 40 stores take 200 bytes, and a
/// history holds hundreds of these. The text is `LEVELS FILES|SHARED:REST|SHARED:REST…`: how many levels of folders
/// are complete, `+` or `-` for whether the files are, and for each name how many bytes it shares with the previous
/// one. Reading is total: it accepts any text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Roster(String);

impl Roster {
    /// Packs names. `levels` is how many levels of folders are known, and `files` whether files are. The caller must
    /// leave out other names.
    pub(super) fn new(names: &BTreeSet<Box<str>>, levels: usize, files: bool) -> Roster {
        let mut text = format!("{levels}{}", if files { '+' } else { '-' });
        let mut before: &str = "";
        for name in names {
            let same = before.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
            let same = name.floor_char_boundary(same);
            text.push_str(&format!("|{same}:{}", name.get(same..).unwrap_or_default()));
            before = name;
        }
        Roster(text)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let mut name = String::new();
        self.0.split('|').skip(1).filter_map(move |packed| {
            let (shared, rest) = packed.split_once(':')?;
            let shared = name.floor_char_boundary(shared.parse().unwrap_or(0).min(name.len()));
            name.truncate(shared);
            name.push_str(rest);
            Some(name.clone())
        })
    }

    /// How many levels of folders are known; the folders below are not.
    pub(super) fn levels(&self) -> usize {
        let digits = self.0.split(['+', '-']).next().unwrap_or_default();
        digits.parse().unwrap_or(0)
    }

    /// Whether all files with recurring names are known.
    pub(super) fn files(&self) -> bool {
        self.0.split('|').next().is_some_and(|head| head.ends_with('+'))
    }

    /// Its size in bytes.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Roster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.names().collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pack(names: &[&str]) -> Roster {
        Roster::new(&names.iter().map(|name| Box::from(*name)).collect(), 3, true)
    }

    #[test]
    fn stores_take_few_bytes() {
        let names: Vec<String> = (0..40).map(|n| format!("store_id={n:03}/")).collect();
        let roster = pack(&names.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(roster.len() < 300, "{}", roster.len());
        assert_eq!(roster.names().collect::<Vec<_>>(), names);
        assert_eq!((roster.levels(), roster.files()), (3, true));
    }

    proptest! {
        #[test]
        fn names_come_back(names in proptest::collection::btree_set("[a-bé=/0-2]{1,9}", 0..30)) {
            let boxed = names.iter().map(|name| Box::from(name.as_str())).collect();
            let roster = Roster::new(&boxed, 2, false);
            prop_assert_eq!(roster.names().collect::<BTreeSet<_>>(), names);
            prop_assert_eq!((roster.levels(), roster.files()), (2, false));
        }

        #[test]
        fn any_text_can_be_read(text in ".{0,40}") {
            let roster = Roster(text);
            let _ = (roster.names().count(), roster.levels(), roster.files());
        }

        #[test]
        fn any_text_of_packed_names_can_be_read(text in "[0-9+|:éa]{0,40}") {
            let _ = Roster(text).names().count();
        }
    }
}
