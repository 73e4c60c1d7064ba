//! The decision table: which state a window of judged datapoints means.
//!
//! Source: Amazon CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data" with "Avoiding
//! premature transitions to alarm state". The guide's newer tables dropped three rows of the older ones; those
//! are kept here too, because the newer text does not contradict them.

use super::rule::MissingData;
use super::state::State;

/// What is known about one period of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// Within its bounds.
    Within,
    /// Outside its bounds.
    Breaching,
    /// No datapoint.
    Missing,
    /// A datapoint without bounds: it does not count, and missing data is not filled in for it.
    Unbounded,
}

/// Why a decision was made, for the reason sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The datapoints themselves decide.
    Datapoints,
    /// This many missing datapoints were filled in, and they count.
    Filled(usize),
    /// Every known datapoint breaches, the oldest is old enough, and no newer one has come.
    Premature,
    /// Too little is known.
    Unknown,
    /// Too little is known, and the state is kept.
    Kept,
}

/// Decides over `newest_first`, which is the evaluation range: datapoints beyond N are used only when one within N is
/// missing. `n` and `m` are N and M.
pub(super) fn decide(
    newest_first: &[Judged],
    n: usize,
    m: usize,
    missing: MissingData,
    previous: State,
) -> (State, Why) {
    let real = || newest_first.iter().filter(|j| matches!(j, Judged::Within | Judged::Breaching)).take(n);
    let existing = real().count();
    let breaching = real().filter(|j| **j == Judged::Breaching).count();
    let unbounded = newest_first.iter().take(n).filter(|j| **j == Judged::Unbounded).count();
    let fill = n.saturating_sub(existing).saturating_sub(unbounded);
    let by_count = |count| if count >= m { State::Alarm } else { State::Ok };

    if breaching >= m {
        return (State::Alarm, Why::Datapoints);
    }
    if existing == 0 && fill == 0 {
        return (State::InsufficientData, Why::Unknown);
    }
    if fill == 0 {
        return (State::Ok, Why::Datapoints);
    }
    match missing {
        MissingData::Breaching => (by_count(breaching + fill), Why::Filled(fill)),
        MissingData::NotBreaching => (State::Ok, Why::Filled(fill)),
        // The guide's row `0 - X - -` is OK: one datapoint within its bounds is enough to stay calm.
        _ if existing > breaching => (State::Ok, Why::Datapoints),
        MissingData::Ignore => (previous, Why::Kept),
        MissingData::Missing if old_enough(newest_first, m) => (State::Alarm, Why::Premature),
        MissingData::Missing => (State::InsufficientData, Why::Unknown),
    }
}

/// Whether the oldest breaching datapoint is at least M periods old. The newest datapoint is one period old.
fn old_enough(newest_first: &[Judged], m: usize) -> bool {
    newest_first.iter().rposition(|j| *j == Judged::Breaching).is_some_and(|age| age + 1 >= m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICIES: [MissingData; 4] =
        [MissingData::Missing, MissingData::Ignore, MissingData::Breaching, MissingData::NotBreaching];

    /// Reads a row of the guide's tables: the newest datapoint on the right, `?` for one without bounds.
    fn row(text: &str) -> Vec<Judged> {
        let judged = |word| match word {
            "0" => Judged::Within,
            "X" => Judged::Breaching,
            "-" => Judged::Missing,
            "?" => Judged::Unbounded,
            _ => panic!("{word}"),
        };
        text.split_whitespace().rev().map(judged).collect()
    }

    /// Checks all four columns; `None` is "Retain current state", tried with every current state.
    fn check(m: usize, n: usize, text: &str, columns: [Option<State>; 4]) {
        for (policy, expect) in POLICIES.into_iter().zip(columns) {
            for previous in [State::Ok, State::Alarm, State::InsufficientData] {
                let (state, _) = decide(&row(text), n, m, policy, previous);
                assert_eq!(
                    state,
                    expect.unwrap_or(previous),
                    "{m} of {n}: {text}, {policy:?}, was {previous:?}"
                );
            }
        }
    }

    const OK: Option<State> = Some(State::Ok);
    const ALARM: Option<State> = Some(State::Alarm);
    const INSUFFICIENT: Option<State> = Some(State::InsufficientData);
    const RETAIN: Option<State> = None;

    #[test]
    fn table_of_3_out_of_3() {
        check(3, 3, "0 - X - X", [OK, OK, OK, OK]);
        check(3, 3, "- - - - 0", [OK, OK, OK, OK]);
        check(3, 3, "0 - - - -", [OK, OK, OK, OK]);
        check(3, 3, "- - - - -", [INSUFFICIENT, RETAIN, ALARM, OK]);
        check(3, 3, "0 X X - X", [ALARM, ALARM, ALARM, ALARM]);
        check(3, 3, "- - X - -", [ALARM, RETAIN, ALARM, OK]);
        // Rows of the guide's older edition.
        check(3, 3, "- - - - X", [INSUFFICIENT, RETAIN, ALARM, OK]);
        check(3, 3, "X - - - -", [ALARM, RETAIN, ALARM, OK]);
    }

    #[test]
    fn table_of_2_out_of_3() {
        check(2, 3, "0 - X - X", [ALARM, ALARM, ALARM, ALARM]);
        check(2, 3, "0 0 X 0 X", [ALARM, ALARM, ALARM, ALARM]);
        check(2, 3, "0 - X - -", [OK, OK, ALARM, OK]);
        check(2, 3, "- - - - 0", [OK, OK, ALARM, OK]);
        check(2, 3, "- - - X -", [ALARM, RETAIN, ALARM, OK]);
        // A row of the guide's older edition.
        check(2, 3, "- - - - X", [INSUFFICIENT, RETAIN, ALARM, OK]);
    }

    #[test]
    fn premature_transitions_are_avoided() {
        check(3, 3, "- - - X -", [INSUFFICIENT, RETAIN, ALARM, OK]);
        check(3, 3, "- - - X 0", [OK, OK, OK, OK]);
        check(3, 3, "- - X - 0", [OK, OK, OK, OK]);
        check(3, 3, "- - X X -", [ALARM, RETAIN, ALARM, OK]);
        check(3, 3, "- - - X X", [INSUFFICIENT, RETAIN, ALARM, OK]);
    }

    #[test]
    fn one_of_one_looks_back_only_as_far_as_the_range() {
        check(1, 1, "X", [ALARM, ALARM, ALARM, ALARM]);
        check(1, 1, "0", [OK, OK, OK, OK]);
        check(1, 1, "-", [INSUFFICIENT, RETAIN, ALARM, OK]);
        check(1, 1, "", [INSUFFICIENT, RETAIN, ALARM, OK]);
        check(1, 1, "X -", [ALARM, ALARM, ALARM, ALARM]);
        check(1, 1, "0 -", [OK, OK, OK, OK]);
    }

    #[test]
    fn a_datapoint_without_bounds_is_neither_counted_nor_filled() {
        check(1, 1, "?", [INSUFFICIENT; 4]);
        check(3, 3, "? ? ?", [INSUFFICIENT; 4]);
        check(2, 3, "X ? X", [ALARM; 4]);
        check(2, 3, "0 ? X", [OK; 4]);
        check(2, 2, "? -", [INSUFFICIENT, RETAIN, OK, OK]);
    }

    fn any_window() -> impl Strategy<Value = Vec<Judged>> {
        let judged = prop_oneof![
            Just(Judged::Within),
            Just(Judged::Breaching),
            Just(Judged::Missing),
            Just(Judged::Unbounded)
        ];
        proptest::collection::vec(judged, 0..9)
    }

    proptest! {
        #[test]
        fn a_full_window_does_not_depend_on_the_policy(
            bad in proptest::collection::vec(any::<bool>(), 1..9), m in 1usize..9,
        ) {
            let window: Vec<Judged> =
                bad.iter().map(|b| if *b { Judged::Breaching } else { Judged::Within }).collect();
            let n = window.len();
            let m = m.min(n);
            let expect = if bad.iter().filter(|b| **b).count() >= m { State::Alarm } else { State::Ok };
            for policy in POLICIES {
                prop_assert_eq!(decide(&window, n, m, policy, State::Ok), (expect, Why::Datapoints));
            }
        }

        #[test]
        fn making_a_datapoint_worse_never_ends_an_alarm(
            mut window in any_window(), at in any::<prop::sample::Index>(), n in 1usize..6, m in 1usize..6,
        ) {
            let m = m.min(n);
            window.push(Judged::Within);
            let at = at.index(window.len());
            window[at] = Judged::Within;
            let mut worse = window.clone();
            worse[at] = Judged::Breaching;
            for policy in POLICIES {
                let before = decide(&window, n, m, policy, State::Alarm).0;
                let after = decide(&worse, n, m, policy, State::Alarm).0;
                prop_assert!(before != State::Alarm || after == State::Alarm, "{:?}", policy);
            }
        }

        #[test]
        fn only_ignore_looks_at_the_state_before(window in any_window(), n in 1usize..6, m in 1usize..6) {
            for policy in [MissingData::Missing, MissingData::Breaching, MissingData::NotBreaching] {
                let m = m.min(n);
                prop_assert_eq!(
                    decide(&window, n, m, policy, State::Ok),
                    decide(&window, n, m, policy, State::Alarm)
                );
            }
        }
    }
}
