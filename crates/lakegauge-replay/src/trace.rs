//! What is known about one partition's past.

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::lifecycle::{Completion, CompletionRule, PartitionState};
use lakegauge_core::mark::Mark;
use lakegauge_core::observation::PartitionLook;
use lakegauge_core::record::PartitionRecord;

/// What is known about one partition's past: when it was complete, what it held then, and what happened to it later.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace {
    /// What it held when it landed; if it never landed, what it holds now.
    look: Option<PartitionLook>,
    /// When it was complete, and the earliest time at which that could be known.
    landed: Option<(Timestamp, Timestamp)>,
    /// When it was changed after landing, and what was left.
    later: Option<(Timestamp, Option<PartitionLook>)>,
    /// What a person said about it.
    mark: Option<Mark>,
    /// Its landing time is that of a copy.
    pub(super) copied: bool,
}

/// What a look at some instant would have seen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sight {
    /// All of this.
    Whole(PartitionLook),
    /// Something, but how much is no longer known.
    Part(PartitionLook),
    /// Nothing.
    Nothing,
}

impl Trace {
    /// Builds the trace from a record. `now` ends the replay.
    pub(super) fn of(
        record: &PartitionRecord,
        completion: &Completion,
        copied: bool,
        now: Timestamp,
    ) -> Trace {
        let look = record.landed.as_ref().or(record.look.as_ref());
        let landed_at = look.and_then(|look| completion.dated(look)).or(record.landed_at);
        let landed = landed_at.filter(|_| look.is_some()).map(|at| (at, known(completion, at)));
        let mark = record.mark.clone();
        Trace { look: look.cloned(), later: later(record, landed, now), landed, mark, copied }
    }

    /// When it was complete, if that shows when the job wrote it.
    pub(super) fn landed_at(&self) -> Option<Timestamp> {
        self.landed.map(|(at, _)| at)
    }

    /// When it could be known that it was complete.
    pub(super) fn known_at(&self) -> Option<Timestamp> {
        self.landed.map(|(_, known)| known)
    }

    /// When its first and its last object were written.
    pub(super) fn arrivals(&self) -> impl Iterator<Item = Timestamp> {
        let look = self.look.as_ref();
        let (first, last) = (look.and_then(|l| l.first_write), look.and_then(|l| l.last_write));
        first.into_iter().chain(last.filter(|last| first != Some(*last)))
    }

    /// When it was seen to have changed after landing.
    pub(super) fn changed_at(&self) -> Option<Timestamp> {
        self.later.as_ref().map(|(at, _)| *at)
    }

    /// What a person had said about it by `now`.
    pub(super) fn mark(&self, now: Timestamp) -> Option<&Mark> {
        self.mark.as_ref().filter(|mark| mark.at <= now)
    }

    /// When a person said something about it.
    pub(super) fn marked_at(&self) -> Option<Timestamp> {
        self.mark.as_ref().map(|mark| mark.at)
    }

    /// What a look at `now` would have seen.
    pub(super) fn seen(&self, completion: &Completion, now: Timestamp) -> Sight {
        if let Some((_, left)) = self.later.as_ref().filter(|(at, _)| *at <= now) {
            return left.clone().map_or(Sight::Nothing, Sight::Whole);
        }
        let Some(look) = &self.look else { return Sight::Nothing };
        if self.copied {
            return Sight::Whole(look.clone());
        }
        // The marker is a single object: it is there or it is not.
        let marker = look.marker.filter(|at| *at <= now);
        let by_now = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        if by_now(look.last_write) || look.objects == 0 && marker.is_some() {
            Sight::Whole(PartitionLook { marker, ..look.clone() })
        } else if by_now(look.first_write) {
            Sight::Part(unfinished(look, completion, now))
        } else {
            Sight::Nothing
        }
    }
}

/// A look at a partition that is being written. Its sizes are unknown, and so is its latest write, which is set to
/// the earliest time that is still too recent for the partition to count as quiet now.
fn unfinished(look: &PartitionLook, completion: &Completion, now: Timestamp) -> PartitionLook {
    let since = match &completion.rule {
        CompletionRule::Marker { .. } => SignedDuration::ZERO,
        CompletionRule::Quiet(_) => completion.grace().saturating_sub(SignedDuration::from_secs(1)),
    };
    let written = now.checked_sub(since).ok().max(look.first_write);
    PartitionLook { last_write: written, marker: None, objects: 1, bytes: 0, ..look.clone() }
}

/// Quiescence is known only after it has lasted for long enough.
fn known(completion: &Completion, landed_at: Timestamp) -> Timestamp {
    completion.quiet().map_or(landed_at, |quiet| landed_at.checked_add(quiet).unwrap_or(landed_at))
}

/// What happened after it had landed. If something was only removed, the look that saw it is all that is known.
fn later(
    record: &PartitionRecord,
    landed: Option<(Timestamp, Timestamp)>,
    now: Timestamp,
) -> Option<(Timestamp, Option<PartitionLook>)> {
    let ((_, known), was) = (landed?, record.landed.as_ref()?);
    let left = match (&record.look, record.state) {
        (Some(is), _) if is.content != was.content => Some(is.clone()),
        (None, PartitionState::Deleted) => None,
        _ => return None,
    };
    let written = left.as_ref().and_then(|is| is.last_write).filter(|at| *at > known);
    Some((written.unwrap_or(record.seen_at).max(known).min(now), left))
}
