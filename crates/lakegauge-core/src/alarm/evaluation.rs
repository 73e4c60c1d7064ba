//! Turns a window of datapoints into a state with its evidence.

use serde::{Deserialize, Serialize};

use super::bounds::Bounds;
use super::datapoint::Datapoint;
use super::decision::{Judged, Why, decide};
use super::reason;
use super::rule::Rule;
use super::state::State;
use crate::partition::Partition;

/// What an alarm says, with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The state that the window means.
    pub state: State,
    /// One sentence, without a full stop.
    pub reason: String,
    /// The value that the reason describes; `None` when nothing was measured.
    pub observed: Option<f64>,
    /// The bounds of that value.
    pub expected: Bounds,
    /// The evaluated partitions whose values are outside their bounds, newest first.
    pub breaching: Vec<Partition>,
}

/// Evaluates an alarm.
///
/// `window` is CloudWatch's evaluation range, oldest first, one entry for each expected partition; `None` is a missing
/// datapoint. The newest N datapoints that exist in it decide. A window longer than N lets older datapoints stand in for
/// missing ones; pass exactly N entries when they should not. `previous` is the state before, which
/// [`MissingData::Ignore`](super::MissingData::Ignore) keeps.
///
/// A value that is not a number counts as missing. A datapoint without bounds neither breaches nor reassures, and it is
/// never filled in.
pub fn evaluate(rule: &Rule, window: &[Option<Datapoint>], previous: State) -> Evaluation {
    let n = rule.evaluation_periods.max(1) as usize;
    let m = (rule.datapoints_to_alarm.max(1) as usize).min(n);
    let newest_first: Vec<(Judged, Option<&Datapoint>)> = window.iter().rev().map(judge).collect();
    let judged: Vec<Judged> = newest_first.iter().map(|(judged, _)| *judged).collect();
    let (state, why) = decide(&judged, n, m, rule.missing_data, previous);

    let evaluated: Vec<(bool, &Datapoint)> = newest_first
        .iter()
        .filter(|(judged, _)| matches!(judged, Judged::Within | Judged::Breaching))
        .filter_map(|(judged, datapoint)| datapoint.map(|d| (*judged == Judged::Breaching, d)))
        .take(n)
        .collect();
    let subject = subject(state, why, &evaluated, &newest_first);
    let breaching: Vec<Partition> =
        evaluated.iter().filter(|(bad, _)| *bad).map(|(_, d)| d.partition).collect();
    let tally = reason::Tally { why, n, m, evaluated: evaluated.len(), breaching: breaching.len() };
    Evaluation {
        state,
        reason: reason::sentence(rule.metric, state, subject, tally),
        observed: subject.map(|d| d.value).filter(|value| value.is_finite()),
        expected: subject.map(|d| d.bounds).unwrap_or_default(),
        breaching,
    }
}

fn judge(entry: &Option<Datapoint>) -> (Judged, Option<&Datapoint>) {
    match entry {
        Some(datapoint) if datapoint.bounds.is_empty() => (Judged::Unbounded, Some(datapoint)),
        Some(datapoint) if datapoint.value.is_nan() => (Judged::Missing, None),
        Some(datapoint) if datapoint.bounds.breached_by(datapoint.value) => {
            (Judged::Breaching, Some(datapoint))
        }
        Some(datapoint) => (Judged::Within, Some(datapoint)),
        None => (Judged::Missing, None),
    }
}

/// The datapoint to describe: in an alarm the newest that breaches, otherwise the newest that decided, and when none
/// decided the newest that could not be judged.
fn subject<'a>(
    state: State,
    why: Why,
    evaluated: &[(bool, &'a Datapoint)],
    newest_first: &[(Judged, Option<&'a Datapoint>)],
) -> Option<&'a Datapoint> {
    let newest = evaluated.first().map(|(_, d)| *d);
    let unbounded = newest_first.iter().find(|(j, _)| *j == Judged::Unbounded).and_then(|(_, d)| *d);
    match (state, why) {
        (State::Alarm, Why::Datapoints | Why::Premature | Why::Filled(_)) => {
            evaluated.iter().find(|(bad, _)| *bad).map(|(_, d)| *d)
        }
        (State::InsufficientData, Why::Unknown) => newest.or(unbounded),
        _ => newest,
    }
}
