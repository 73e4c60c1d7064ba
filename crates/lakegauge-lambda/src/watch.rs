//! When a dataset is worth a look: pure.
//!
//! An event triggers a look only if it brings a marker that no look has seen yet, at least half a minute after the
//! previous marker's look, so that markers that arrive together need one look. Everything else is noted, at most once
//! per minute, and the tick looks once the writing has gone quiet. So ten thousand events cost as much as one, and no
//! single event matters: the next tick or deadline looks anyway.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::partition::Partition;
use lakegauge_core::publish::{Datum, Signals};
use lakegauge_core::remediation::RemedyRun;
use serde::{Deserialize, Serialize};

use crate::ledger::Ledger;

/// Minimum time between two looks for markers.
const BETWEEN_MARKERS: SignedDuration = SignedDuration::from_secs(30);
/// A note is written again after this time.
const BETWEEN_NOTES: SignedDuration = SignedDuration::from_secs(60);
/// A look is sure to have seen an object if its event is older than the look by this much: EventBridge's times are
/// whole seconds.
const SURE: SignedDuration = SignedDuration::from_secs(2);
/// The tick looks at the latest after this many quiet periods of continuous writing.
const LONGEST: i32 = 2;
/// How many partitions' verdicts are remembered.
const REMEMBERED: usize = 64;
/// How many partitions are noted, newest first.
const NOTED: usize = 16;

/// What the functions remember about one dataset besides its history.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// When the last look began.
    pub looked_at: Option<Timestamp>,
    /// When the last look for a marker began.
    #[serde(default)]
    pub marked_at: Option<Timestamp>,
    /// When a tick should look next.
    pub wake_at: Option<Timestamp>,
    /// The times of the first and the last event that no look has covered yet.
    pub touched: Option<(Timestamp, Timestamp)>,
    /// The partitions of these events.
    #[serde(default)]
    pub places: BTreeSet<Partition>,
    /// The digest of the last verdict sent for each partition.
    #[serde(alias = "said")]
    pub verdicts: BTreeMap<Partition, u64>,
    /// Values that are still to be sent.
    pub outbox: Vec<Post>,
    /// When the last look with new values began: only its entries in the outbox still hold.
    #[serde(default)]
    pub posted_at: Option<Timestamp>,
    /// The open alarms; those of all splits together are in a document of the whole dataset.
    #[serde(default)]
    pub signals: Signals,
    /// Remedies that are pending or have run.
    #[serde(default, skip_serializing_if = "Ledger::is_empty")]
    pub remedies: Ledger,
}

/// Values that are still to be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// The partition.
    pub partition: Partition,
    /// The verdict's digest.
    pub verdict: u64,
    /// When it was added.
    pub since: Timestamp,
    /// The values.
    pub data: Vec<Datum>,
}

/// Why the function was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Events reported objects.
    Events(Notices),
    /// A deadline has passed at this time.
    Deadline(Timestamp),
    /// The regular tick.
    Tick,
}

impl Reason {
    /// The partitions of the events.
    pub(crate) fn places(&self) -> &BTreeSet<Partition> {
        const NONE: &BTreeSet<Partition> = &BTreeSet::new();
        match self {
            Reason::Events(notices) => &notices.places,
            Reason::Deadline(_) | Reason::Tick => NONE,
        }
    }
}

/// What a batch of events says about one dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// The partitions.
    pub places: BTreeSet<Partition>,
    /// When the newest object was written, by the store's clock.
    pub at: Option<Timestamp>,
    /// When the newest marker was written; the outer is `None` without a marker, the inner if its event has no time.
    pub marked: Option<Option<Timestamp>>,
}

/// The decision.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Decision {
    /// Do nothing: it is already known, or not yet time.
    Leave,
    /// Remember that something was written.
    Note(Timestamp),
    /// Decide again at that time.
    Wait(Timestamp),
    /// Look.
    Look,
}

/// The result of a look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    pub(crate) reason: &'a Reason,
    pub(crate) began: Timestamp,
    /// When a tick should look next.
    pub(crate) wake: Timestamp,
    /// One for each partition that it reports.
    pub(crate) verdicts: &'a [Post],
    /// The remedy runs that these verdicts need.
    pub(crate) runs: &'a [RemedyRun],
    /// The open alarms.
    pub(crate) signals: &'a Signals,
    /// Partitions that it does not report and that have landed.
    pub(crate) landed: &'a BTreeSet<Partition>,
}

impl Watch {
    /// Decides. `quiet` is how long nothing must have been written before a tick looks because of events.
    pub(crate) fn decide(&self, reason: &Reason, quiet: SignedDuration, now: Timestamp) -> Decision {
        match reason {
            Reason::Events(notices) => self.events(notices, now),
            Reason::Deadline(at) if self.looked_at.is_some_and(|looked| looked > *at) => Decision::Leave,
            Reason::Deadline(_) => Decision::Look,
            Reason::Tick if self.is_time(quiet, now) => Decision::Look,
            Reason::Tick => Decision::Leave,
        }
    }

    fn events(&self, notices: &Notices, now: Timestamp) -> Decision {
        let seen = |at: Timestamp| self.looked_at.is_some_and(|looked| at + SURE < looked);
        let at = notices.at.unwrap_or(now);
        if notices.marked.is_some_and(|at| !seen(at.unwrap_or(now))) {
            let rested = self.marked_at.map(|marked| marked + BETWEEN_MARKERS);
            return rested.filter(|rested| now < *rested).map_or(Decision::Look, Decision::Wait);
        }
        let noted = |(_, last): (Timestamp, Timestamp)| at.duration_since(last) < BETWEEN_NOTES;
        if seen(at) || self.touched.is_some_and(noted) { Decision::Leave } else { Decision::Note(at) }
    }

    fn is_time(&self, quiet: SignedDuration, now: Timestamp) -> bool {
        let slept = self.wake_at.is_none_or(|wake| wake <= now);
        let quiet_now = self.touched.is_some_and(|(first, last)| {
            now.duration_since(last) >= quiet || now.duration_since(first) >= quiet * LONGEST
        });
        self.looked_at.is_none() || slept || quiet_now
    }

    /// Notes that something was written at `at`.
    pub(crate) fn noted(&self, at: Timestamp, places: &BTreeSet<Partition>) -> Watch {
        let (first, last) = self.touched.unwrap_or((at, at));
        let places = self
            .places
            .union(places)
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .rev()
            .take(NOTED)
            .collect();
        Watch { touched: Some((first.min(at), last.max(at))), places, ..self.clone() }
    }

    /// After a look. A verdict that was already sent is not sent again, unless the open alarms have changed.
    pub(crate) fn looked(&self, look: &Look) -> Watch {
        let Look { began, .. } = *look;
        let mut next = self.clone();
        if matches!(look.reason, Reason::Events(_)) {
            next.marked_at = next.marked_at.max(Some(began));
        }
        // Objects written during the look may not have been seen.
        next.touched = next.touched.filter(|(_, last)| *last + SURE >= began);
        if next.touched.is_none() {
            next.places.clear();
        }
        if next.looked_at.is_some_and(|before| before > began) {
            return next;
        }
        next.looked_at = Some(began);
        next.wake_at = Some(look.wake);
        let before = next.outbox.len();
        for post in look.verdicts {
            if next.verdicts.insert(post.partition, post.verdict) != Some(post.verdict) {
                next.outbox.push(post.clone());
                next.remedies.judged(post.partition, look.runs, began);
            }
        }
        if next.outbox.len() == before && !next.signals.same_as(look.signals) {
            next.outbox.extend(look.verdicts.iter().max_by_key(|post| post.partition).cloned());
        }
        if next.outbox.len() > before {
            next.posted_at = Some(began);
        }
        next.signals = look.signals.clone();
        next.remedies.landed(look.landed);
        while next.verdicts.len() > REMEMBERED {
            next.verdicts.pop_first();
        }
        if let Some((first, _)) = next.verdicts.first_key_value() {
            next.remedies.forget_before(*first);
        }
        next
    }

    /// Removes those posts.
    pub(crate) fn sent(&self, sent: &[Post]) -> Watch {
        let mut next = self.clone();
        next.outbox.retain(|post| !sent.contains(post));
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    const QUIET: SignedDuration = SignedDuration::from_mins(10);
    const MARKER: &Reason = &Reason::Events(Notices { places: BTreeSet::new(), at: None, marked: None });

    fn look(began: Timestamp, wake: Timestamp, verdicts: &[Post]) -> Look<'_> {
        const NONE: (&Signals, &BTreeSet<Partition>) = (&Signals::none(), &BTreeSet::new());
        Look { reason: MARKER, began, wake, verdicts, runs: &[], signals: NONE.0, landed: NONE.1 }
    }

    #[test]
    fn only_a_new_marker_triggers_a_look() {
        let check = |watch: &Watch, object: i64, marker: Option<i64>, now: i64, expect: Decision| {
            let notices = Notices {
                places: BTreeSet::new(),
                at: Some(at(object)),
                marked: marker.map(|m| Some(at(m))),
            };
            assert_eq!(
                watch.decide(&Reason::Events(notices), QUIET, at(now)),
                expect,
                "{object} {marker:?} {now}"
            );
        };
        let new = Watch::default();
        check(&new, 100, None, 101, Decision::Note(at(100)));
        check(&new, 100, Some(100), 101, Decision::Look);
        let noted = new.noted(at(100), &BTreeSet::new());
        check(&noted, 130, None, 131, Decision::Leave);
        check(&noted, 160, None, 161, Decision::Note(at(160)));
        let looked = noted.looked(&look(at(200), at(9_000), &[]));
        assert_eq!(looked.touched, None);
        // Older than the look: seen. As old as the look: not sure.
        check(&looked, 197, Some(197), 300, Decision::Leave);
        check(&looked, 199, Some(199), 300, Decision::Look);
        check(&looked, 201, Some(201), 210, Decision::Wait(at(230)));
        check(&looked, 201, Some(201), 230, Decision::Look);
        check(&looked, 201, None, 300, Decision::Note(at(201)));
        // What came during the look may not have been seen.
        assert!(
            noted.noted(at(199), &BTreeSet::new()).looked(&look(at(200), at(9_000), &[])).touched.is_some()
        );
    }

    #[test]
    fn a_tick_looks_when_it_is_time() {
        let check = |watch: &Watch, now: i64, expect: bool| {
            let decision = watch.decide(&Reason::Tick, QUIET, at(now));
            assert_eq!(decision == Decision::Look, expect, "{now}");
        };
        check(&Watch::default(), 0, true);
        let looked = Watch::default().looked(&look(at(0), at(5_000), &[]));
        check(&looked, 4_999, false);
        check(&looked, 5_000, true);
        let noted = looked.noted(at(1_000), &BTreeSet::new());
        check(&noted, 1_599, false);
        check(&noted, 1_600, true);
        // The writing goes on and on: twice the quiet period is enough.
        check(&noted.noted(at(2_190), &BTreeSet::new()), 2_199, false);
        check(&noted.noted(at(2_190), &BTreeSet::new()), 2_200, true);
    }

    #[test]
    fn a_verdict_is_sent_once() {
        let partition = Partition::parse("2026-11-21").unwrap();
        let post = |verdict| Post { partition, verdict, since: at(1), data: Vec::new() };
        let watch = Watch::default().looked(&look(at(1), at(9), &[post(7)]));
        assert_eq!(watch.outbox, [post(7)]);
        let again = watch.looked(&look(at(2), at(9), &[post(7)]));
        assert_eq!(again.outbox.len(), 1);
        assert_eq!(again.sent(&[post(7)]).outbox, []);
        assert_eq!(again.sent(&[post(7)]).looked(&look(at(3), at(9), &[post(8)])).outbox, [post(8)]);
        // A look that began earlier and ended later changes nothing.
        assert_eq!(again.looked(&look(at(1), at(3), &[post(6)])), again);
    }
}
