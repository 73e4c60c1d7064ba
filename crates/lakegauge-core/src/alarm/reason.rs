//! The sentence that gives the reason for a state, easy to understand at four in the morning.

use super::bounds::{Bounds, Margin};
use super::datapoint::{Basis, Datapoint};
use super::decision::Why;
use super::state::State;
use crate::metric::{Metric, Shape};
use crate::partition::{Cadence, Partition};
use crate::quantity;

/// The numbers behind a decision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tally {
    pub(super) why: Why,
    pub(super) n: usize,
    pub(super) m: usize,
    /// How many of the N datapoints exist.
    pub(super) evaluated: usize,
    /// How many of those are outside their bounds.
    pub(super) breaching: usize,
}

/// The observed and the expected value of `subject`, and how the state was decided where one datapoint does not
/// explain it.
pub(super) fn sentence(metric: Metric, state: State, subject: Option<&Datapoint>, tally: Tally) -> String {
    let lead = subject.map(|d| described(metric, d));
    let note = note(metric, state, lead.is_some(), tally);
    match (lead, note) {
        (Some(lead), Some(note)) if lead.ends_with(')') => format!("{lead}; {note}"),
        (Some(lead), Some(note)) => format!("{lead} ({note})"),
        (Some(text), None) | (None, Some(text)) => text,
        (None, None) => format!("{metric} was not measured"),
    }
}

fn note(metric: Metric, state: State, has_lead: bool, tally: Tally) -> Option<String> {
    let Tally { why, n, m, evaluated, breaching } = tally;
    let unmeasured = |count: usize| match (count, n) {
        (1, 1) => format!("{metric} was not measured"),
        _ if count == n => format!("{metric} was not measured for the last {n} partitions"),
        _ => format!("{metric} was not measured for {count} of the last {n} partitions"),
    };
    match why {
        Why::Datapoints if n == 1 => None,
        Why::Datapoints if breaching == 0 => None,
        Why::Datapoints if state == State::Alarm => {
            Some(format!("{breaching} of the last {evaluated} measured are outside"))
        }
        Why::Datapoints => {
            Some(format!("{breaching} of the last {evaluated} measured outside; {m} make an alarm"))
        }
        Why::Filled(count) if state == State::Alarm => {
            Some(format!("{}, which counts as breaching", unmeasured(count)))
        }
        Why::Filled(count) => Some(format!("{}, which is allowed for", unmeasured(count))),
        Why::Premature => Some("nothing newer was measured".to_owned()),
        Why::Unknown if evaluated > 0 => {
            Some(format!("{} is too little to judge by: {m} are needed", partitions(evaluated)))
        }
        // The lead already says why its datapoint cannot be judged.
        Why::Unknown if has_lead => None,
        Why::Unknown => Some(unmeasured(n)),
        Why::Kept => Some(format!("{}; the state stays {state}", unmeasured(n - evaluated.min(n)))),
    }
}

fn partitions(count: usize) -> String {
    if count == 1 { "1 partition".to_owned() } else { format!("{count} partitions") }
}

/// `121 kB landed; at least 195 kB expected`.
fn described(metric: Metric, datapoint: &Datapoint) -> String {
    if let Some(text) = flag(metric, datapoint) {
        return text;
    }
    // A band is always learned from the level, never from its change.
    let metric = match datapoint.basis {
        Basis::Learned { .. } => super::level_metric(metric),
        _ => metric,
    };
    let seen = match &datapoint.basis {
        Basis::Near { partition, value, .. } => moved(metric, datapoint, *partition, *value),
        _ if datapoint.value.is_nan() => return expected(metric, datapoint).unwrap_or_default(),
        _ => seen(metric, datapoint.value),
    };
    match expected(metric, datapoint) {
        Some(expected) => format!("{seen}; {expected}"),
        None => seen,
    }
}

/// Yes-or-no metrics need no numbers.
fn flag(metric: Metric, datapoint: &Datapoint) -> Option<String> {
    match metric.row().shape {
        Shape::Flag { yes, .. } if datapoint.value != 0.0 => Some(yes.to_owned()),
        Shape::Flag { no, .. } => Some(no.to_owned()),
        Shape::Figure { .. } => None,
    }
}

/// `121 kB landed`, `1 object landed`.
fn seen(metric: Metric, value: f64) -> String {
    match metric.row().shape {
        Shape::Figure { negative, .. } if value < 0.0 => {
            negative.replacen("{}", &quantity::of(metric, value.abs()), 1)
        }
        Shape::Figure { positive, .. } => positive.replacen("{}", &quantity::of(metric, value), 1),
        Shape::Flag { .. } => format!("{metric} is {}", quantity::of(metric, value)),
    }
}

/// `down 94 % on Friday 20 Nov (2.1 GB → 121 MB)`.
fn moved(metric: Metric, datapoint: &Datapoint, before: Partition, old: f64) -> String {
    let level = super::level_metric(metric);
    let new = if level == metric { datapoint.value } else { old + datapoint.value };
    let amount = |value| quantity::format(value, level.unit());
    let when = day(before, datapoint.partition);
    if new == old {
        return format!("the same as {when} ({})", amount(old));
    }
    let direction = if new < old { "down" } else { "up" };
    let by = match &datapoint.basis {
        Basis::Near { margin: Margin::Absolute(_), .. } => amount((new - old).abs()),
        _ => quantity::percent(((new - old) / old).abs()),
    };
    format!("{direction} {by} on {when} ({} → {})", amount(old), amount(new))
}

fn expected(metric: Metric, datapoint: &Datapoint) -> Option<String> {
    let amount = |value| quantity::format(value, metric.unit());
    if let Some(text) = expected_change(metric, datapoint) {
        return Some(text);
    }
    let range = match datapoint.bounds {
        Bounds { low: Some(low), high: Some(high) } => {
            format!("{} expected", quantity::range(low, high, metric.unit()))
        }
        Bounds { low: Some(low), high: None } => format!("at least {} expected", amount(low)),
        Bounds { low: None, high: Some(0.0) } => "none expected".to_owned(),
        Bounds { low: None, high: Some(high) } => format!("at most {} expected", amount(high)),
        Bounds { low: None, high: None } => String::new(),
    };
    Some(match &datapoint.basis {
        Basis::Nothing { why } => format!("nothing to compare with: {why}"),
        _ if datapoint.bounds.is_empty() => return None,
        Basis::Near { margin: Margin::Relative(share), .. } => {
            format!("within {} expected", quantity::percent(*share))
        }
        Basis::Near { margin: Margin::Absolute(width), .. } => format!("within {} expected", amount(*width)),
        Basis::Learned { source } if !source.is_empty() => format!("{range} ({source})"),
        Basis::Learned { .. } | Basis::Fixed => range,
    })
}

/// A single fixed bound on a change, without signs: `at most 1 MB less expected`.
fn expected_change(metric: Metric, datapoint: &Datapoint) -> Option<String> {
    let (bound, is_low) = match datapoint.bounds {
        Bounds { low: Some(low), high: None } => (low, true),
        Bounds { low: None, high: Some(high) } => (high, false),
        _ => return None,
    };
    if super::level_metric(metric) == metric || bound == 0.0 || datapoint.basis != Basis::Fixed {
        return None;
    }
    let limit = if is_low == (bound > 0.0) { "at least" } else { "at most" };
    let direction = if bound > 0.0 { "more" } else { "less" };
    Some(format!("{limit} {} {direction} expected", quantity::format(bound.abs(), metric.unit())))
}

/// `Friday 20 Nov`, with the year if it differs from `from`'s.
fn day(partition: Partition, from: Partition) -> String {
    let (date, year) = (partition.date(), partition.date().year() != from.date().year());
    let text = match partition.cadence() {
        Cadence::Daily => date.strftime("%A %-d %b").to_string(),
        Cadence::Hourly => date.strftime("%A %-d %b").to_string(),
        Cadence::Weekly => return partition.to_string(),
        Cadence::Monthly => date.strftime("%B").to_string(),
    };
    let text = if year { format!("{text} {}", date.year()) } else { text };
    match partition.cadence() {
        Cadence::Hourly => format!("{text} {:02}:00", partition.start().hour()),
        _ => text,
    }
}
