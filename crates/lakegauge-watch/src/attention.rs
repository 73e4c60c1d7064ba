//! When a dataset is worth a look: pure.
//!
//! An event triggers a look only if it brings a marker that no look has seen yet, at least half a minute after the
//! previous marker's look, so that markers that arrive together need one look. Everything else is noted, at most once
//! per minute, and the tick looks once the writing has gone quiet. So ten thousand events cost as much as one, and no
//! single event matters: the next tick or deadline looks anyway.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::partition::Partition;
use serde::{Deserialize, Serialize};

/// Minimum time between two looks for markers.
const BETWEEN_MARKERS: SignedDuration = SignedDuration::from_secs(30);
/// A note is written again after this time.
const BETWEEN_NOTES: SignedDuration = SignedDuration::from_secs(60);
/// A look is sure to have seen an object if its event is older than the look by this much: EventBridge's times are
/// whole seconds.
const SURE: SignedDuration = SignedDuration::from_secs(2);
/// The tick looks at the latest after this many quiet periods of continuous writing.
const LONGEST: i32 = 2;
/// How many partitions are noted, newest first.
const NOTED: usize = 16;

/// What is remembered about one dataset besides its history: when to look.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attention {
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
}

/// Why a dataset may be worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
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
pub(crate) struct Notices {
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

/// A look that has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    pub(crate) reason: &'a Reason,
    pub(crate) began: Timestamp,
    /// When a tick should look next.
    pub(crate) wake: Timestamp,
}

impl Attention {
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
    pub(crate) fn noted(&self, at: Timestamp, places: &BTreeSet<Partition>) -> Attention {
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
        Attention { touched: Some((first.min(at), last.max(at))), places, ..self.clone() }
    }

    /// After a look.
    pub(crate) fn looked(&self, look: Look<'_>) -> Attention {
        let Look { reason, began, wake } = look;
        let mut next = self.clone();
        if matches!(reason, Reason::Events(_)) {
            next.marked_at = next.marked_at.max(Some(began));
        }
        // Objects written during the look may not have been seen.
        next.touched = next.touched.filter(|(_, last)| *last + SURE >= began);
        if next.touched.is_none() {
            next.places.clear();
        }
        if next.looked_at.is_none_or(|before| before <= began) {
            next.looked_at = Some(began);
            next.wake_at = Some(wake);
        }
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

    fn look(began: Timestamp, wake: Timestamp) -> Look<'static> {
        Look { reason: MARKER, began, wake }
    }

    #[test]
    fn only_a_new_marker_triggers_a_look() {
        let check = |watch: &Attention, object: i64, marker: Option<i64>, now: i64, expect: Decision| {
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
        let new = Attention::default();
        check(&new, 100, None, 101, Decision::Note(at(100)));
        check(&new, 100, Some(100), 101, Decision::Look);
        let noted = new.noted(at(100), &BTreeSet::new());
        check(&noted, 130, None, 131, Decision::Leave);
        check(&noted, 160, None, 161, Decision::Note(at(160)));
        let looked = noted.looked(look(at(200), at(9_000)));
        assert_eq!(looked.touched, None);
        // Older than the look: seen. As old as the look: not sure.
        check(&looked, 197, Some(197), 300, Decision::Leave);
        check(&looked, 199, Some(199), 300, Decision::Look);
        check(&looked, 201, Some(201), 210, Decision::Wait(at(230)));
        check(&looked, 201, Some(201), 230, Decision::Look);
        check(&looked, 201, None, 300, Decision::Note(at(201)));
        // What came during the look may not have been seen.
        assert!(noted.noted(at(199), &BTreeSet::new()).looked(look(at(200), at(9_000))).touched.is_some());
    }

    #[test]
    fn a_tick_looks_when_it_is_time() {
        let check = |watch: &Attention, now: i64, expect: bool| {
            let decision = watch.decide(&Reason::Tick, QUIET, at(now));
            assert_eq!(decision == Decision::Look, expect, "{now}");
        };
        check(&Attention::default(), 0, true);
        let looked = Attention::default().looked(look(at(0), at(5_000)));
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
    fn a_look_that_began_earlier_and_ended_later_does_not_set_the_next_one() {
        let watch = Attention::default().looked(look(at(2), at(9)));
        assert_eq!(watch.looked(look(at(1), at(3))), watch);
    }
}
