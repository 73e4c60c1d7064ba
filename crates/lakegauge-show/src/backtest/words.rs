//! Texts that the table and the page share.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lakegauge_core::quantity;
use lakegauge_replay::{AlarmResult, Firing, Outcome, Total};

use super::Found;
use crate::instant;
use crate::text::many;

/// `2.1` or `0.33` per month; `0` for none.
pub(super) fn rate(per_month: f64) -> String {
    match per_month {
        0.0 => "0".to_owned(),
        rate if rate < 1.0 => format!("{rate:.2}"),
        rate => format!("{rate:.1}"),
    }
}

/// `1 h 12 min`, and how many are still open.
pub(super) fn lasted(alarm: &AlarmResult) -> String {
    match (alarm.typical_seconds, alarm.open) {
        (None, 0) => "–".to_owned(),
        (None, open) => format!("{open} open"),
        (Some(seconds), 0) => quantity::duration(seconds.round()),
        (Some(seconds), open) => format!("{}, {open} open", quantity::duration(seconds.round())),
    }
}

/// `Sun 2026-11-22 04:30 GMT, cleared after 1 h 12 min`.
pub(super) fn when(firing: &Firing, zone: &TimeZone) -> String {
    let at = instant::full(firing.at, zone);
    match firing.seconds() {
        Some(seconds) => format!("{at}, cleared after {}", quantity::duration(seconds.round())),
        None => format!("{at}, still open"),
    }
}

/// `Mon 2026-08-24 to Sun 2026-11-22 (90 days)`.
pub(super) fn window(found: &Found) -> String {
    let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).strftime("%a %Y-%m-%d").to_string();
    let (from, until) = (found.backtest.from, found.backtest.until);
    let days = until.duration_since(from).as_secs() / 86_400;
    format!("{} to {} ({})", day(from), day(until), many(days.unsigned_abs(), "day"))
}

/// The totals of a config, in one sentence.
pub(super) fn total(total: &Total) -> String {
    let mut said = format!(
        "{} on {}, {} per dataset per month",
        many(total.fired as u64, "alarm"),
        many(total.partitions as u64, "partition"),
        rate(total.per_dataset_month)
    );
    if let Some(alone) = total.alone {
        said.push_str(&format!(", {} without an alarm in the other", many(alone as u64, "partition")));
    }
    if total.notices > 0 {
        said.push_str(&format!(", {}", many(total.notices as u64, "notice")));
    }
    if total.caught + total.missed > 0 {
        let of = total.caught + total.missed;
        said.push_str(&format!("; {} of {} caught", total.caught, many(of as u64, "incident")));
    }
    said
}

/// The letter of a config: A, B.
pub(super) fn letter(nth: usize) -> &'static str {
    if nth == 0 { "A" } else { "B" }
}

/// The outcome for an incident, as a word and the detail.
pub(super) fn outcome(outcome: &Outcome, zone: &TimeZone) -> (&'static str, String) {
    match outcome {
        Outcome::Caught { partition, metric, at } => {
            ("caught", format!("{metric} on {partition}, {}", instant::full(*at, zone)))
        }
        Outcome::Noticed { partition } => ("missed", format!("no more than a notice on {partition}")),
        Outcome::Missed => ("missed", "nothing would have fired".to_owned()),
        Outcome::NotReplayed { why } => ("not replayed", why.clone()),
    }
}
