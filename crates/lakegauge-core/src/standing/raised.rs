//! The alarms that are raised.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::change::{Change, Why};
use crate::alarm::State;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::verdict::PartitionReport;

/// An alarm that has been raised and not cleared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Raised {
    /// The partition; `None` for a metric of the whole dataset (`Freshness`, `Stale`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<Partition>,
    /// The metric.
    pub metric: Metric,
    /// The look that raised it.
    pub since: Timestamp,
    /// The reason that the last look gave, as a sentence.
    pub reason: String,
}

/// What is wrong with one dataset.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// In order of partition and metric; each pair occurs once.
    raised: Vec<Raised>,
    /// The state of each rule of the config, for rules that keep it while there is no data: `ALARM` while the metric is
    /// in alarm on any partition.
    states: BTreeMap<Metric, State>,
}

/// The verdicts of one look.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Every partition that was judged, newest first.
    pub reports: &'a [PartitionReport],
    /// Of those, the ones whose alarms are told: the others are healthy, or at a level that was accepted since.
    pub told: &'a BTreeSet<Partition>,
    /// Whether the look saw a partition.
    pub saw: &'a dyn Fn(Partition) -> bool,
    /// Whether the look saw everything that it needed.
    pub is_whole: bool,
}

type Key = (Option<Partition>, Metric);

impl Standing {
    /// A standing without alarms, in which the rules have these states.
    pub fn of_states(states: BTreeMap<Metric, State>) -> Standing {
        Standing { raised: Vec::new(), states }
    }

    /// The alarms that are raised, in order of partition and metric.
    pub fn raised(&self) -> &[Raised] {
        &self.raised
    }

    /// The metrics that are raised on any partition.
    pub fn metrics(&self) -> BTreeSet<Metric> {
        self.raised.iter().map(|raised| raised.metric).collect()
    }

    /// The standing of a dataset that is no longer watched from `now` on: every alarm ends.
    pub fn ended(&self, now: Timestamp) -> (Standing, Vec<Change>) {
        let end = |raised: &Raised| Change {
            partition: raised.partition,
            metric: raised.metric,
            at: now,
            why: Why::Ended,
            reason: raised.reason.clone(),
        };
        (Standing::default(), self.raised.iter().map(end).collect())
    }

    /// Since when `metric` is in alarm on `partition`; `None` if it is not.
    pub fn since(&self, partition: Partition, metric: Metric) -> Option<Timestamp> {
        self.get(key(partition, metric)).map(|raised| raised.since)
    }

    /// The last known state of a rule.
    pub fn state(&self, metric: Metric) -> State {
        self.states.get(&metric).copied().unwrap_or_default()
    }

    /// Every rule with its last known state.
    pub fn states(&self) -> &BTreeMap<Metric, State> {
        &self.states
    }

    fn get(&self, key: Key) -> Option<&Raised> {
        self.raised.iter().find(|raised| (raised.partition, raised.metric) == key)
    }

    /// The standing after a look at `now`, with one change for each alarm that is or was raised.
    pub fn advance(&self, look: &Look<'_>, now: Timestamp) -> (Standing, Vec<Change>) {
        let before = self.raised.iter().map(|raised| (raised.partition, raised.metric));
        let judged = look
            .reports
            .iter()
            .flat_map(|report| report.alarms.iter().map(|alarm| key(report.partition, alarm.metric)));
        let keys: BTreeSet<Key> = before.chain(judged).collect();
        let changes: Vec<Change> = keys.into_iter().filter_map(|key| self.change(key, look, now)).collect();
        let stays = |change: &&Change| change.why.is_raised();
        let raised = changes.iter().filter(stays).map(|change| Raised {
            partition: change.partition,
            metric: change.metric,
            since: self.get((change.partition, change.metric)).map_or(now, |raised| raised.since),
            reason: change.reason.clone(),
        });
        let raised: Vec<Raised> = raised.collect();
        let states = look.reports.first().map_or_else(
            || self.states.clone(),
            |newest| {
                let in_alarm = |metric| raised.iter().any(|raised| raised.metric == metric);
                let state = |metric, state| if in_alarm(metric) { State::Alarm } else { state };
                newest.alarms.iter().map(|alarm| (alarm.metric, state(alarm.metric, alarm.state))).collect()
            },
        );
        (Standing { raised, states }, changes)
    }

    /// What becomes of one alarm; `None` if it is not raised and was not.
    fn change(&self, key: Key, look: &Look<'_>, now: Timestamp) -> Option<Change> {
        let (before, (why, reason)) = (self.get(key), verdict(key, look));
        let why = match (why, before) {
            (Why::Raised, Some(_)) => Why::Stays,
            (Why::Raised, None) => Why::Raised,
            (_, None) => return None,
            (why, Some(_)) => why,
        };
        let (partition, metric) = key;
        let reason = reason.or(before.map(|raised| raised.reason.as_str())).unwrap_or_default().to_owned();
        Some(Change { partition, metric, at: now, why, reason })
    }
}

fn key(partition: Partition, metric: Metric) -> Key {
    (Some(partition).filter(|_| !metric.is_of_dataset()), metric)
}

/// What a look says of an alarm that may have been raised before, and the sentence, if there is a verdict.
fn verdict<'a>(key: Key, look: &Look<'a>) -> (Why, Option<&'a str>) {
    let reports = || look.reports.iter().filter(|report| key.0.is_none_or(|p| p == report.partition));
    let alarms = || {
        reports()
            .flat_map(|report| report.alarms.iter().map(move |alarm| (report.partition, alarm)))
            .filter(|(_, alarm)| alarm.metric == key.1)
    };
    let hidden = |partition| key.0.is_some() && !(look.saw)(partition);
    let Some((partition, first)) = alarms().next() else {
        return match reports().next() {
            Some(_) => (Why::NoRule, None),
            None if look.is_whole => (Why::TooOld, None),
            None => (Why::Unseen, None),
        };
    };
    let told = alarms().find(|(p, alarm)| alarm.state == State::Alarm && look.told.contains(p));
    match (told, first.state) {
        _ if hidden(partition) => (Why::Unseen, None),
        (Some((_, alarm)), _) => (Why::Raised, Some(&alarm.reason)),
        (None, State::Ok) => (Why::Cleared, Some(&first.reason)),
        (None, State::Alarm) => (Why::Accepted, Some(&first.reason)),
        (None, State::InsufficientData) => (Why::Unseen, None),
    }
}
