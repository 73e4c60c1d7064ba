//! Which alarms are shown as 1: one CloudWatch metric covers all partitions of a dataset, and all of its splits.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::metric::Metric;
use lakegauge_core::standing::Standing;

use super::published::Published;

/// An alarm evaluates whole minutes, and takes the worst value of each.
const MINUTE: i64 = 60;

/// What stands in a dataset, as CloudWatch sees it. A healthy partition posts a 0, and this 0 would clear the alarm of
/// another one that is still wrong; so while any of them is wrong, a 1 is posted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    before: BTreeSet<Metric>,
    now: BTreeSet<Metric>,
    elsewhere: BTreeSet<Metric>,
    /// When a 1 may have been posted last.
    last: Option<Timestamp>,
}

impl Shown {
    /// What stood before a look, what stands after it, when the look before it began, and which metrics are raised in
    /// other splits of the dataset.
    pub fn of(
        before: &Standing,
        after: &Standing,
        last: Option<Timestamp>,
        elsewhere: &BTreeSet<Metric>,
    ) -> Shown {
        Shown { before: before.metrics(), now: after.metrics(), elsewhere: elsewhere.clone(), last }
    }

    /// Whether the look changes what `published` shows, apart from its own verdicts.
    pub fn changes(&self, published: &[Published]) -> bool {
        let signals = published.iter().filter_map(|metric| metric.source.signal());
        signals.into_iter().any(|metric| self.before.contains(&metric) != self.now.contains(&metric))
    }

    /// Whether a metric is raised.
    pub(super) fn is_wrong(&self, metric: Metric) -> bool {
        self.now.contains(&metric) || self.elsewhere.contains(&metric)
    }

    /// The time of a 0 that is sent at `at`: not in the minute of a 1. An alarm that saw both in one minute would
    /// take the 1, see nothing after it, and stay in alarm.
    pub(super) fn clear(&self, metric: Metric, at: Timestamp) -> Timestamp {
        let after = self.last.filter(|_| self.before.contains(&metric)).and_then(|seen| {
            let minute = seen.as_second().div_euclid(MINUTE) * MINUTE;
            Timestamp::from_second(minute).ok()?.checked_add(SignedDuration::from_secs(MINUTE)).ok()
        });
        after.map_or(at, |after| after.max(at))
    }
}
