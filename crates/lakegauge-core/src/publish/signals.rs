//! What is wrong now: one series of CloudWatch stands for all partitions of a dataset, and for all of its splits.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::published::Published;
use crate::alarm::State;
use crate::metric::Metric;
use crate::verdict::PartitionReport;

/// An alarm looks at whole minutes, and takes the worst of each.
const MINUTE: i64 = 60;

/// Which alarms stand, whoever raised them. A partition that is right says so by a 0, and the 0 would end the alarm of another one
/// that is still wrong: as long as any is wrong, what is posted is a 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Signals {
    /// Of each split; of the dataset itself where it has none.
    wrong: BTreeMap<String, BTreeSet<Metric>>,
    /// When each was seen to be wrong last.
    seen: BTreeMap<Metric, Timestamp>,
}

impl Signals {
    /// Nothing is wrong.
    pub const fn none() -> Signals {
        Signals { wrong: BTreeMap::new(), seen: BTreeMap::new() }
    }

    /// After a look at `now` at the split (or dataset) `name`, which said `reports`.
    pub fn after(
        &self,
        name: &str,
        published: &[Published],
        reports: &[PartitionReport],
        now: Timestamp,
    ) -> Signals {
        let standing = |metric: Metric| {
            let mut alarms = reports.iter().flat_map(|report| &report.alarms);
            alarms.any(|alarm| alarm.metric == metric && alarm.state == State::Alarm)
        };
        let signals = published.iter().filter_map(|metric| metric.source.signal());
        let wrong: BTreeSet<Metric> = signals.filter(|metric| standing(*metric)).collect();
        let mut next = self.clone();
        next.seen.extend(wrong.iter().map(|metric| (*metric, now)));
        match wrong.is_empty() {
            true => drop(next.wrong.remove(name)),
            false => drop(next.wrong.insert(name.to_owned(), wrong)),
        }
        next
    }

    /// Without the splits that are no more.
    pub fn only(&self, is_there: impl Fn(&str) -> bool) -> Signals {
        let mut next = self.clone();
        next.wrong.retain(|name, _| is_there(name));
        next
    }

    /// Whether the same alarms stand.
    pub fn stand_as(&self, other: &Signals) -> bool {
        self.wrong == other.wrong
    }

    /// Whether an alarm stands anywhere.
    pub(super) fn is_wrong(&self, metric: Metric) -> bool {
        self.wrong.values().any(|wrong| wrong.contains(&metric))
    }

    /// The time of a 0 that is told at `at`: not in the minute of a 1. An alarm that saw both at once would take the 1, see nothing
    /// more, and stay.
    pub(super) fn clear(&self, metric: Metric, at: Timestamp) -> Timestamp {
        let after = self.seen.get(&metric).and_then(|seen| {
            let minute = seen.as_second().div_euclid(MINUTE) * MINUTE;
            Timestamp::from_second(minute).ok()?.checked_add(SignedDuration::from_secs(MINUTE)).ok()
        });
        after.map_or(at, |after| after.max(at))
    }
}
