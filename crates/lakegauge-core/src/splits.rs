//! Which splits of a dataset are watched: those that the store lists, and those that a history remembers.
//!
//! A store lists only what is there, so a split whose data was all deleted would vanish unnoticed. The splits that a
//! history remembers are therefore watched as well. A split that ended long ago while others continue (a shop that
//! closed) is no longer watched: it would be in alarm for ever, and no config entry could be changed to end that.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::dataset::Dataset;
use crate::observation::Gap;
use crate::partition::{Cadence, Partition};
use crate::scope::current;

/// How many of the newest dates are searched for splits, if the date comes first in the path.
pub const DATES: usize = 3;
/// The same if nothing is remembered yet: a split that stopped some weeks ago should still be found.
pub const DATES_AT_FIRST: usize = 30;

/// The splits of a dataset in a store's listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Each split's values, with its newest partitions; none if the path does not show which are the newest.
    pub splits: BTreeMap<Vec<String>, BTreeSet<Partition>>,
    /// What could not be listed: there may be splits there.
    pub gaps: Vec<Gap>,
}

/// How many of a split's newest partitions are kept: enough to skip strays of the future.
const NEWEST: usize = 8;

impl Listed {
    /// Adds a split, and one of its partitions if that shows how new the split is.
    pub fn push(&mut self, values: Vec<String>, partition: Option<Partition>) {
        let partitions = self.splits.entry(values).or_default();
        partitions.extend(partition);
        if partitions.len() > NEWEST {
            partitions.pop_first();
        }
    }
}

/// The splits that a history knows and the store does not list, each with the newest partition that ever came.
pub type Remembered = BTreeMap<Vec<String>, Partition>;

/// A split that ended while others continue.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The split.
    pub dataset: Dataset,
    /// Its newest partition.
    pub newest: Partition,
}

/// The splits of one dataset.
#[derive(Clone, Debug, Default)]
pub struct Splits {
    /// Those that are watched, in the order of their values.
    pub watched: Vec<Dataset>,
    /// Those that ended.
    pub ended: Vec<Ended>,
}

/// For how many periods a split without new data is watched while others continue. Longer than it takes to learn that
/// a dataset has stopped, so that its end was in alarm for weeks; and not longer than history.
pub fn watched_for(cadence: Cadence) -> i64 {
    match cadence {
        Cadence::Hourly => 28 * 24,
        Cadence::Daily => 60,
        Cadence::Weekly => 26,
        Cadence::Monthly => 12,
    }
}

/// Divides the splits of `dataset` into watched and ended ones. If none of them continues, all are watched: the
/// dataset itself has then stopped.
pub fn sorted(
    dataset: &Dataset,
    listed: &BTreeMap<Vec<String>, BTreeSet<Partition>>,
    remembered: &Remembered,
    now: Timestamp,
) -> Splits {
    let current = current(dataset, now);
    let oldest = current.offset(-watched_for(dataset.layout.cadence()));
    // Strays of the future say nothing about today, nor does a path without order.
    let newest = |partitions: &BTreeSet<Partition>| partitions.range(..=current).next_back().copied();
    let mut all: BTreeMap<&Vec<String>, Option<Partition>> =
        remembered.iter().map(|(values, partition)| (values, Some(*partition))).collect();
    all.extend(listed.iter().map(|(values, partitions)| (values, newest(partitions))));
    let goes_on = |newest: &Option<Partition>| newest.is_some_and(|newest| newest >= oldest);
    let any = all.values().any(goes_on);
    let mut splits = Splits::default();
    for (values, newest) in all {
        let split = dataset.split(values.clone());
        match newest {
            Some(newest) if any && newest < oldest => splits.ended.push(Ended { dataset: split, newest }),
            _ => splits.watched.push(split),
        }
    }
    splits
}

/// Maximum number of ended splits that are named.
const NAMED: usize = 5;

/// A note on the splits that ended; `None` if there are none.
pub fn ended_in_words(ended: &[Ended]) -> Option<String> {
    let first = ended.first()?;
    let name = |ended: &Ended| format!("{} (last partition {})", ended.dataset.name, ended.newest);
    let named: Vec<String> = ended.iter().take(NAMED).map(name).collect();
    let more = ended.len() - named.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (count, verb) = match ended.len() {
        1 => ("1 split has".to_owned(), "is"),
        n => (format!("{n} splits have"), "are"),
    };
    let periods = watched_for(first.newest.cadence());
    Some(format!(
        "{count} ended and {verb} no longer checked: {}{more}. Other splits continue, and nothing new came here for {periods} periods",
        named.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Layout;

    fn partition(name: &str) -> Partition {
        Partition::parse(name).unwrap()
    }

    /// `eu: 2026-11-24 2026-11-23`, one split each.
    fn splits(rows: &[&str]) -> Vec<(Vec<String>, Vec<Partition>)> {
        let row = |row: &&str| {
            let (values, partitions) = row.split_once(':').unwrap();
            let values = values.split(',').map(str::to_owned).collect();
            (values, partitions.split_whitespace().map(partition).collect())
        };
        rows.iter().map(row).collect()
    }

    fn check(listed: &[&str], remembered: &[&str], watched: &str, ended: &str) {
        let dataset = Dataset::new("t", Layout::parse("t/{region}/{date}/").unwrap());
        let mut all = Listed::default();
        for (values, partitions) in splits(listed) {
            all.push(values.clone(), None);
            partitions.into_iter().for_each(|p| all.push(values.clone(), Some(p)));
        }
        let known = splits(remembered).into_iter().map(|(values, newest)| (values, newest[0])).collect();
        let now = "2026-11-25T12:00:00Z".parse().unwrap();
        let found = sorted(&dataset, &all.splits, &known, now);
        let names: Vec<&str> = found.watched.iter().map(|d| d.name.as_str()).collect();
        let gone: Vec<&str> = found.ended.iter().map(|e| e.dataset.name.as_str()).collect();
        assert_eq!((names.join(" "), gone.join(" ")), (watched.to_owned(), ended.to_owned()), "{listed:?}");
        assert!(found.watched.iter().all(|d| d.splits.len() == 1), "{watched}");
    }

    #[test]
    fn what_is_listed_or_remembered_is_watched() {
        check(&[], &[], "", "");
        check(&["eu: 2026-11-24", "us: 2026-11-24"], &[], "t[eu] t[us]", "");
        check(&["eu: 2026-11-24"], &["us: 2026-11-24"], "t[eu] t[us]", "");
        // All of its data is gone.
        check(&[], &["eu: 2026-11-24", "us: 2026-11-23"], "t[eu] t[us]", "");
        // A folder whose age is unknown.
        check(&["eu: 2026-11-24", "us:"], &[], "t[eu] t[us]", "");
    }

    #[test]
    fn what_ended_long_ago_is_watched_no_more_while_others_go_on() {
        check(&["eu: 2026-11-24", "us: 2025-11-03"], &[], "t[eu]", "t[us]");
        check(&["eu: 2026-11-24"], &["us: 2026-01-31"], "t[eu]", "t[us]");
        check(&["eu: 2026-09-26", "us: 2026-09-25"], &[], "t[eu]", "t[us]");
        // None continues: the dataset has stopped.
        check(&["eu: 2026-03-01", "us: 2025-11-03"], &["uk: 2026-02-02"], "t[eu] t[uk] t[us]", "");
        // A stray partition of the future does not show that a split continues, and hides none.
        check(&["eu: 2026-11-24", "us: 2025-11-03 9999-12-31"], &[], "t[eu]", "t[us]");
        check(&["eu: 9999-12-31 2026-11-24", "us: 2025-11-03"], &[], "t[eu]", "t[us]");
    }

    #[test]
    fn the_newest_partitions_are_kept() {
        let mut listed = Listed::default();
        let first = partition("2026-11-01");
        (0..30).rev().for_each(|n| listed.push(vec!["eu".to_owned()], Some(first.offset(n))));
        let kept: Vec<Partition> = listed.splits.into_values().flatten().collect();
        assert_eq!((kept.len(), kept.last()), (NEWEST, Some(&first.offset(29))));
    }

    #[test]
    fn ended_splits_are_said() {
        let dataset = Dataset::new("t", Layout::parse("t/{region}/{date}/").unwrap());
        let ended = |n: usize| -> Vec<Ended> {
            let one =
                |n| Ended { dataset: dataset.split(vec![format!("r{n}")]), newest: partition("2025-11-03") };
            (0..n).map(one).collect()
        };
        assert_eq!(ended_in_words(&[]), None);
        let check = |n, expect: &str| assert_eq!(ended_in_words(&ended(n)).as_deref(), Some(expect));
        check(
            1,
            "1 split has ended and is no longer checked: t[r0] (last partition 2025-11-03). Other splits continue, and nothing new came here for 60 periods",
        );
        check(
            7,
            "7 splits have ended and are no longer checked: t[r0] (last partition 2025-11-03), t[r1] (last partition 2025-11-03), t[r2] (last partition 2025-11-03), t[r3] (last partition 2025-11-03), t[r4] (last partition 2025-11-03) and 2 more. Other splits continue, and nothing new came here for 60 periods",
        );
    }
}
