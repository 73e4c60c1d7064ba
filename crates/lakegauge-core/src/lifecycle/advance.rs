//! Advances a partition's state by what was seen.

use jiff::Timestamp;

use super::completion::Completion;
use super::window::LandingWindow;
use crate::observation::PartitionLook;
use crate::record::PartitionRecord;
use crate::state::PartitionState;

/// What a look saw of one partition.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// Something is there.
    Something(&'a PartitionLook),
    /// Nothing is there.
    Nothing,
}

/// Advances a record by what was seen. `due_at` is its deadline, `None` when it has none (yet).
pub fn advance(
    record: &PartitionRecord,
    seen: Seen<'_>,
    completion: &Completion,
    window: &LandingWindow,
    due_at: Option<Timestamp>,
    now: Timestamp,
) -> PartitionRecord {
    let mut next = PartitionRecord { due_at, seen_at: now, ..record.clone() };
    let overdue = due_at.is_some_and(|due| now > due);
    match seen {
        Seen::Something(look) => {
            next.look = Some(look.clone());
            if record.landed_at.is_some() {
                next.state = PartitionState::Landed;
                if record.look.as_ref().is_none_or(|before| before.content != look.content) {
                    next.changed_at = Some(now);
                }
            } else if let Some(at) = completion.landed_at(look, window, due_at, now) {
                next.state = PartitionState::Landed;
                next.landed_at = Some(at);
                next.landed = Some(look.clone());
            } else {
                next.state = incomplete(look, completion, window, due_at.filter(|_| overdue), now);
            }
        }
        Seen::Nothing => {
            next.look = None;
            if record.landed_at.is_some() && record.look.is_some() {
                next.changed_at = Some(now);
            }
            next.state = match (record.landed_at, overdue) {
                (Some(_), _) => PartitionState::Deleted,
                (None, true) => PartitionState::Missing,
                (None, false) => PartitionState::Expected,
            };
        }
    }
    next
}

/// The state of a partition that is not complete; `passed` is its deadline, if that has passed.
fn incomplete(
    look: &PartitionLook,
    completion: &Completion,
    window: &LandingWindow,
    passed: Option<Timestamp>,
    now: Timestamp,
) -> PartitionState {
    let foreign = look.written().is_some_and(|last| window.is_foreign(last));
    let nothing = foreign || look.objects == 0;
    match passed {
        None if foreign => PartitionState::Expected,
        None => PartitionState::Arriving,
        Some(due) if completion.may_be_in_time(look, window, due, now) => PartitionState::Arriving,
        Some(_) if nothing => PartitionState::Missing,
        Some(_) => PartitionState::Late,
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::dataset::SUCCESS;
    use crate::lifecycle::CompletionRule;
    use crate::observation::LookFold;
    use crate::partition::Partition;

    /// The day before the epoch: it ends at second 0.
    const DAY: &str = "1969-12-31";
    const HOUR: i64 = 3_600;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn look(data: i64, marker: Option<i64>) -> PartitionLook {
        let mut fold = LookFold::new(Some(SUCCESS));
        fold.push("part-0", 10, at(data));
        if let Some(marker) = marker {
            fold.push(SUCCESS, 0, at(marker));
        }
        fold.finish()
    }

    fn unknown() -> LandingWindow {
        LandingWindow::unknown(Partition::parse(DAY).unwrap(), &TimeZone::UTC, None)
    }

    /// Landings are usual from two hours after the day.
    fn usual() -> LandingWindow {
        let tolerance = SignedDuration::from_hours(2);
        LandingWindow::learned(Partition::parse(DAY).unwrap(), &TimeZone::UTC, at(2 * HOUR), tolerance)
    }

    fn marker(comes_first: bool) -> Completion {
        let quiet = SignedDuration::from_secs(600);
        let rule = CompletionRule::Marker { name: SUCCESS.to_owned(), quiet, comes_first };
        Completion { rule, evidence: String::new() }
    }

    fn quiet(seconds: i64) -> Completion {
        let rule = CompletionRule::Quiet(SignedDuration::from_secs(seconds));
        Completion { rule, evidence: String::new() }
    }

    fn check(
        completion: &Completion,
        window: LandingWindow,
        seen: Option<PartitionLook>,
        (due, now): (i64, i64),
        expect: PartitionState,
    ) {
        let record = PartitionRecord::new(Partition::parse(DAY).unwrap(), at(now));
        let seen = seen.as_ref().map_or(Seen::Nothing, Seen::Something);
        let next = advance(&record, seen, completion, &window, Some(at(due)), at(now));
        assert_eq!(next.state, expect, "{seen:?}, due {due}, now {now}");
        // What has landed stays landed, and is deleted when nothing is left.
        if next.state == PartitionState::Landed {
            let left = advance(&next, Seen::Nothing, completion, &window, Some(at(due)), at(now));
            assert_eq!(left.state, PartitionState::Deleted);
        }
    }

    #[test]
    fn states_follow_marker_deadline_and_quiescence() {
        use PartitionState::{Arriving, Expected, Landed, Late, Missing};
        check(&marker(false), unknown(), None, (2_000, 1_500), Expected);
        check(&marker(false), unknown(), None, (2_000, 2_000), Expected);
        check(&marker(false), unknown(), None, (2_000, 2_001), Missing);
        check(&marker(false), unknown(), Some(look(1_000, None)), (2_000, 1_500), Arriving);
        check(&marker(false), unknown(), Some(look(1_000, None)), (2_000, 2_001), Late);
        check(&marker(false), unknown(), Some(look(1_000, Some(1_100))), (2_000, 1_101), Landed);
        check(&quiet(600), unknown(), Some(look(1_000, None)), (2_000, 1_599), Arriving);
        check(&quiet(600), unknown(), Some(look(1_000, None)), (2_000, 1_600), Landed);
    }

    #[test]
    fn what_was_written_in_time_is_not_late_before_quiescence_has_shown_it() {
        use PartitionState::{Arriving, Landed, Late};
        check(&quiet(600), unknown(), Some(look(1_000, None)), (1_000, 1_001), Arriving);
        check(&quiet(600), unknown(), Some(look(1_000, None)), (1_200, 1_500), Arriving);
        check(&quiet(600), unknown(), Some(look(1_000, None)), (1_200, 1_600), Landed);
        check(&quiet(600), unknown(), Some(look(1_000, None)), (999, 1_001), Late);
        // At the deadline ten minutes are enough, however long the pauses are.
        check(&quiet(7_200), unknown(), Some(look(1_000, None)), (2_000, 1_999), Arriving);
        check(&quiet(7_200), unknown(), Some(look(1_000, None)), (2_000, 2_001), Landed);
    }

    #[test]
    fn nothing_is_complete_by_quiescence_before_landings_are_usual() {
        use PartitionState::{Arriving, Landed};
        // The day is not over.
        check(&quiet(600), unknown(), Some(look(-8 * HOUR, None)), (9 * HOUR, -1), Arriving);
        check(&quiet(600), unknown(), Some(look(-8 * HOUR, None)), (9 * HOUR, 1), Landed);
        // It is over, but no landing was ever that early.
        check(&quiet(600), usual(), Some(look(60, None)), (9 * HOUR, HOUR), Arriving);
        check(&quiet(600), usual(), Some(look(60, None)), (9 * HOUR, 2 * HOUR), Landed);
        // A marker is enough.
        check(&marker(false), usual(), Some(look(50, Some(60))), (9 * HOUR, HOUR), Landed);
    }

    #[test]
    fn what_was_written_long_before_is_no_landing() {
        use PartitionState::{Arriving, Expected, Late, Missing};
        // The writer died eight hours before the end of the day.
        check(&quiet(600), usual(), Some(look(-8 * HOUR, None)), (9 * HOUR, 8 * HOUR), Arriving);
        check(&quiet(600), usual(), Some(look(-8 * HOUR, None)), (9 * HOUR, 10 * HOUR), Late);
        // A stray from a year ago, with or without a marker.
        let year = -366 * 24 * HOUR;
        for window in [usual(), unknown()] {
            check(&quiet(600), window, Some(look(year, None)), (9 * HOUR, 8 * HOUR), Expected);
            check(&quiet(600), window, Some(look(year, None)), (9 * HOUR, 10 * HOUR), Missing);
            check(&marker(false), window, Some(look(year, Some(year + 9))), (9 * HOUR, 10 * HOUR), Missing);
        }
    }

    #[test]
    fn a_marker_inside_the_period_waits_for_the_usual_time() {
        use PartitionState::{Arriving, Landed, Late};
        // A job that writes it at each of its runs in the day: no landing was ever that early.
        let early = || Some(look(-8 * HOUR, Some(-8 * HOUR)));
        check(&marker(false), usual(), early(), (9 * HOUR, -7 * HOUR), Arriving);
        check(&marker(false), usual(), early(), (9 * HOUR, 10 * HOUR), Late);
        // Not much earlier: the next run may still come.
        let last = || Some(look(-HOUR, Some(-HOUR)));
        check(&marker(false), usual(), last(), (9 * HOUR, HOUR), Arriving);
        check(&marker(false), usual(), last(), (9 * HOUR, 2 * HOUR), Landed);
        // Nothing is known yet.
        check(&marker(false), unknown(), early(), (9 * HOUR, -7 * HOUR), Landed);
    }

    #[test]
    fn a_marker_older_than_its_data_is_not_believed() {
        use PartitionState::{Arriving, Landed};
        let due = 9 * HOUR;
        // Two of ten files are there.
        check(&marker(false), usual(), Some(look(3_000, Some(1_000))), (due, 3_001), Arriving);
        check(&marker(false), usual(), Some(look(3_000, Some(1_000))), (due, 3_600), Landed);
        // If it always comes first, the marker alone means nothing.
        check(&marker(true), usual(), Some(look(1_000, Some(1_000))), (due, 1_001), Arriving);
        check(&marker(true), usual(), Some(look(1_000, Some(1_000))), (due, 1_600), Landed);
    }

    #[test]
    fn a_write_from_the_future_is_one_of_a_clock_that_is_ahead() {
        let due = 9 * HOUR;
        check(&quiet(600), usual(), Some(look(12 * HOUR, None)), (due, 10 * HOUR), PartitionState::Arriving);
    }
}
