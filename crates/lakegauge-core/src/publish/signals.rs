//! Which alarms are open: one CloudWatch metric covers all partitions of a dataset, and all of its splits.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::published::Published;
use crate::metric::Metric;
use crate::standing::Standing;

/// An alarm evaluates whole minutes, and takes the worst value of each.
const MINUTE: i64 = 60;

/// The open alarms, by split. A healthy partition posts a 0, and this 0 would clear the alarm of another one that
/// is still wrong; so while any of them is wrong, a 1 is posted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signals {
    /// Open alarms of each split, or of the dataset itself if it has none.
    wrong: BTreeMap<String, BTreeSet<Metric>>,
    /// When each metric was last seen to be wrong.
    seen: BTreeMap<Metric, Timestamp>,
}

impl Signals {
    /// No open alarms.
    pub const fn none() -> Signals {
        Signals { wrong: BTreeMap::new(), seen: BTreeMap::new() }
    }

    /// After a look at `now` at the split (or dataset) `name`, which has these alarms.
    pub fn after(&self, name: &str, published: &[Published], standing: &Standing, now: Timestamp) -> Signals {
        let raised = |metric: Metric| standing.raised().iter().any(|raised| raised.metric == metric);
        let signals = published.iter().filter_map(|metric| metric.source.signal());
        let wrong: BTreeSet<Metric> = signals.filter(|metric| raised(*metric)).collect();
        let mut next = self.clone();
        next.seen.extend(wrong.iter().map(|metric| (*metric, now)));
        match wrong.is_empty() {
            true => drop(next.wrong.remove(name)),
            false => drop(next.wrong.insert(name.to_owned(), wrong)),
        }
        next
    }

    /// Removes splits that no longer exist.
    pub fn only(&self, is_there: impl Fn(&str) -> bool) -> Signals {
        let mut next = self.clone();
        next.wrong.retain(|name, _| is_there(name));
        next
    }

    /// Whether the same alarms are open.
    pub fn same_as(&self, other: &Signals) -> bool {
        self.wrong == other.wrong
    }

    /// Whether any alarm is open.
    pub(super) fn is_wrong(&self, metric: Metric) -> bool {
        self.wrong.values().any(|wrong| wrong.contains(&metric))
    }

    /// The time of a 0 that is sent at `at`: not in the minute of a 1. An alarm that saw both in one minute would
    /// take the 1, see nothing after it, and stay in alarm.
    pub(super) fn clear(&self, metric: Metric, at: Timestamp) -> Timestamp {
        let after = self.seen.get(&metric).and_then(|seen| {
            let minute = seen.as_second().div_euclid(MINUTE) * MINUTE;
            Timestamp::from_second(minute).ok()?.checked_add(SignedDuration::from_secs(MINUTE)).ok()
        });
        after.map_or(at, |after| after.max(at))
    }
}
