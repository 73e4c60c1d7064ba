//! Which periods have partitions: weekdays, holes, and whether the dataset stopped.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::finding::{Inferred, Standing};
use crate::partition::{Cadence, Partition};

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Monday, "Monday"),
    (Weekday::Tuesday, "Tuesday"),
    (Weekday::Wednesday, "Wednesday"),
    (Weekday::Thursday, "Thursday"),
    (Weekday::Friday, "Friday"),
    (Weekday::Saturday, "Saturday"),
    (Weekday::Sunday, "Sunday"),
];

/// The weekdays that a daily dataset has partitions on, from its last 13 weeks. `days` are sorted.
pub(super) fn weekdays(days: &[Partition]) -> Option<Inferred<String>> {
    let (first, last) = (days.first()?, days.last()?);
    if last.cadence() != Cadence::Daily {
        return None;
    }
    let weeks = (last.periods_since(*first) + 1).min(91) / 7;
    let since = last.offset(1 - weeks * 7);
    let seen = days.iter().filter(|day| **day >= since);
    let mut counts = [0i64; 7];
    for day in seen {
        let index = day.date().weekday().to_monday_zero_offset();
        if let Some(count) = usize::try_from(index).ok().and_then(|i| counts.get_mut(i)) {
            *count += 1;
        }
    }
    if weeks < 3 {
        return None;
    }
    let on: Vec<bool> = counts.iter().map(|count| *count * 10 >= weeks * 6).collect();
    let off_days: i64 = counts.iter().zip(&on).filter(|(_, on)| !**on).map(|(count, _)| *count).sum();
    let off = on.iter().filter(|on| !**on).count() as i64 * weeks;
    let present: i64 = counts.iter().sum();
    if on.iter().all(|on| *on) {
        let evidence = format!("{present} of the last {} days have a partition", weeks * 7);
        return Some(Inferred { value: "every-day".to_owned(), evidence, sure: true });
    }
    let names: Vec<&str> = WEEK.iter().zip(&on).filter(|(_, on)| **on).map(|((_, name), _)| *name).collect();
    if names.is_empty() || off_days * 10 > off {
        let evidence =
            format!("{present} of the last {} days have a partition, on no fixed weekdays", weeks * 7);
        return Some(Inferred { value: "irregular".to_owned(), evidence, sure: false });
    }
    let weekend = names == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    let value = if weekend { "weekdays".to_owned() } else { names.join(", ") };
    let shown = if weekend { "Monday to Friday".to_owned() } else { names.join(", ") };
    let none = off - off_days;
    let evidence = format!("{shown}: nothing on {none} of {off} other days in the last {weeks} weeks");
    Some(Inferred { value, evidence, sure: true })
}

/// Periods without a partition among the last 90, as `3 of the last 90 days are missing (2026-11-05, …)`. `off` names
/// the weekdays that are expected to be empty.
pub(super) fn holes(days: &[Partition], weekdays: Option<&Inferred<String>>) -> Option<String> {
    let (first, last) = (*days.first()?, *days.last()?);
    let on = |p: &Partition| match weekdays.map(|w| w.value.as_str()) {
        None | Some("every-day") => true,
        Some("irregular") => false,
        Some("weekdays") => !matches!(p.date().weekday(), Weekday::Saturday | Weekday::Sunday),
        Some(names) => {
            WEEK.iter().any(|(day, name)| *day == p.date().weekday() && names.split(", ").any(|n| n == *name))
        }
    };
    let back = last.periods_since(first).min(if last.cadence() <= Cadence::Daily { 90 } else { 26 });
    let expected: Vec<Partition> = (0..back).map(|by| last.offset(-by)).filter(on).collect();
    let missing: Vec<&Partition> = expected.iter().filter(|p| days.binary_search(p).is_err()).collect();
    if missing.is_empty() {
        return None;
    }
    let mut shown: Vec<String> = missing.iter().take(3).map(ToString::to_string).collect();
    if missing.len() > 3 {
        shown.push("…".to_owned());
    }
    Some(format!("{} of the last {} are missing ({})", missing.len(), expected.len(), shown.join(", ")))
}

/// Whether the dataset goes on. It stopped when it has been silent for much longer than ever before.
pub(super) fn standing(days: &[Partition], now: Timestamp) -> Standing {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Standing::Doubtful("no partition has data".to_owned());
    };
    let cadence = last.cadence();
    let patience = match cadence {
        Cadence::Hourly => 7 * 24,
        Cadence::Daily => 30,
        Cadence::Weekly => 8,
        Cadence::Monthly => 4,
    };
    let today = Partition::containing(TimeZone::UTC.to_datetime(now), cadence);
    let silent = today.periods_since(*last);
    let longest = days.windows(2).filter_map(|pair| Some(pair.last()?.periods_since(*pair.first()?))).max();
    if silent > patience.max(2 * longest.unwrap_or(1)) {
        return Standing::Stopped(format!(
            "nothing after {last} ({})",
            ago(last.end_in(&TimeZone::UTC), now)
        ));
    }
    if days.len() < 3 {
        let names =
            if first == last { format!("one partition, {last}") } else { format!("{first} and {last}") };
        return Standing::Doubtful(format!("too few partitions to tell ({names})"));
    }
    Standing::Active
}

/// `3 years ago`, `5 months ago`, `12 days ago`.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let days = now.duration_since(then).as_secs().max(0) / 86_400;
    let (count, unit) = match days {
        730.. => (days / 365, "year"),
        61.. => (days / 30, "month"),
        _ => (days, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

/// The last partition that may exist at `now`: two days ahead leave room for zones and for writers that open early.
pub(super) fn horizon(cadence: Cadence, now: Timestamp) -> Partition {
    let ahead = TimeZone::UTC.to_datetime(now).saturating_add(2.days());
    Partition::containing(ahead, cadence)
}
