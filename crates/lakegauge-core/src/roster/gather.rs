//! Collects the parts of one partition from its listing.

use std::collections::BTreeSet;

use super::naming::{lasting, returns};
use super::packed::Roster;

/// How many levels of folders below a date are kept.
const LEVELS: usize = 3;
/// Maximum number of folders. A partition with more is not made of parts that people know by name.
const FOLDERS: usize = 1_000;
/// Maximum number of files.
const FILES: usize = 200;
/// How many files' names are looked at. If the first few have no usual name, the others have none either.
const TRIED: usize = 1_000;
const TRIED_IN_VAIN: usize = 64;
/// Maximum size of a packed roster in bytes: a history holds one for every partition.
const PACKED: usize = 8_192;

/// Collects the parts of one partition while it is listed.
///
/// A level that grows too large is dropped as a whole, the deepest first: an incomplete set would report parts as
/// missing.
#[derive(Clone, Debug)]
pub struct Gather {
    folders: BTreeSet<Box<str>>,
    levels: usize,
    files: BTreeSet<Box<str>>,
    tried: usize,
    /// The folder of the previous object, in two pieces, and its path if all of its levels are kept.
    last: (String, String),
    path: Option<String>,
}

impl Default for Gather {
    fn default() -> Gather {
        Gather {
            folders: BTreeSet::new(),
            levels: LEVELS,
            files: BTreeSet::new(),
            tried: 0,
            last: (String::new(), String::new()),
            path: Some(String::new()),
        }
    }
}

impl Gather {
    /// Adds a data object. `name` is its key below the partition; `above` is the text of the level that the dataset's
    /// path leaves open above the date.
    pub fn push(&mut self, above: &str, name: &str) {
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        // Keys mostly come folder by folder.
        if self.last.0 != above || self.last.1 != folder {
            self.last.0.replace_range(.., above);
            self.last.1.replace_range(.., folder);
            self.path = self.enter(above, folder);
        }
        if self.tried < TRIED {
            self.file(file);
        }
    }

    /// Adds a folder's levels; returns its path if all of them are kept.
    fn enter(&mut self, above: &str, folder: &str) -> Option<String> {
        let levels = above.split('/').chain(folder.split('/')).filter(|level| !level.is_empty());
        let mut path = String::with_capacity(above.len() + folder.len() + 2);
        for (depth, level) in levels.enumerate() {
            if depth >= self.levels || !returns(level) {
                return None;
            }
            path.push_str(level);
            path.push('/');
            if !self.folders.contains(path.as_str()) {
                self.folders.insert(Box::from(path.as_str()));
                while self.folders.len() > FOLDERS {
                    self.give_up_level();
                }
            }
        }
        Some(path)
    }

    fn file(&mut self, file: &str) {
        self.tried += 1;
        if let Some(path) = &self.path
            && let Some(name) = lasting(file)
        {
            let name = format!("{path}{name}");
            if !self.files.contains(name.as_str()) {
                self.files.insert(name.into());
            }
        }
        if self.files.len() > FILES || (self.files.is_empty() && self.tried >= TRIED_IN_VAIN) {
            self.give_up_files();
        }
    }

    fn give_up_files(&mut self) {
        self.files.clear();
        self.tried = TRIED;
    }

    fn give_up_level(&mut self) {
        self.levels = self.levels.saturating_sub(1);
        let levels = self.levels;
        self.folders.retain(|path| path.matches('/').count() <= levels);
    }

    /// The collected parts; `None` if there were too many.
    pub fn finish(mut self) -> Option<Roster> {
        if self.tried >= TRIED {
            self.give_up_files();
        }
        loop {
            let files = self.tried < TRIED;
            if self.levels == 0 && !files {
                return None;
            }
            let names = self.folders.union(&self.files).cloned().collect();
            let roster = Roster::new(&names, self.levels, files);
            match (roster.len() <= PACKED, files) {
                (true, _) => return Some(roster),
                (false, true) => self.give_up_files(),
                (false, false) => self.give_up_level(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(objects: &[(&str, &str)], expect: &str) {
        let mut gather = Gather::default();
        objects.iter().for_each(|(above, name)| gather.push(above, name));
        let roster = gather.finish();
        assert_eq!(roster.map(|roster| roster.to_string()).as_deref(), Some(expect), "{objects:?}");
    }

    #[test]
    fn folders_and_lasting_files_are_parts() {
        check(&[("", "part-0.parquet"), ("", "part-1.parquet")], "");
        check(
            &[("", "region=uk/part-0"), ("", "region=us/part-0"), ("", "region=uk/part-1")],
            "region=uk/, region=us/",
        );
        check(&[("", "region=uk/city=a/x.csv")], "region=uk/, region=uk/city=a/");
        check(&[("", "a/b/c/d/stores.csv")], "a/, a/b/, a/b/c/");
        check(&[("", "region=uk/2026-11-24T02/x.csv")], "region=uk/");
        check(&[("uk/sales", "part-0")], "uk/, uk/sales/");
        check(&[("", "store-1.csv"), ("", "store-2_20261124.csv")], "store-1.csv, store-2_*.csv");
    }

    #[test]
    fn what_is_too_much_is_not_known() {
        let gather = |names: &mut dyn Iterator<Item = String>| {
            let mut gather = Gather::default();
            names.for_each(|name| gather.push("", &name));
            gather.finish()
        };
        let thousand = gather(&mut (0..1_000).map(|n| format!("{n}/part-0")));
        assert_eq!(thousand.map(|roster| roster.names().count()), Some(1_000));
        assert_eq!(gather(&mut (0..1_001).map(|n| format!("{n}/part-0"))), None);
        // The deepest level is dropped first.
        let deep = gather(&mut (0..2_000).map(|n| format!("r{}/{n}/part-0", n % 4))).unwrap();
        assert_eq!(
            (deep.to_string().as_str(), deep.levels(), deep.files()),
            ("r0/, r1/, r2/, r3/", 1, false)
        );
        // Files are dropped, but no folder.
        let many = gather(&mut (0..300).map(|n| format!("uk/store-{n}.csv"))).unwrap();
        assert_eq!((many.to_string().as_str(), many.files()), ("uk/", false));
    }
}
