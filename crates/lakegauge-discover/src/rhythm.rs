//! Which periods have partitions: weekdays, holes, and whether the dataset has stopped.

use std::collections::BTreeSet;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use lakegauge_core::calendar::Calendar;
use lakegauge_core::partition::{Cadence, Partition};
use lakegauge_core::quantity;

use super::finding::{Inferred, Standing};
use super::hours::{self, Kept};

const WEEK: [(Weekday, &str); 7] = [
    (Weekday::Monday, "Monday"),
    (Weekday::Tuesday, "Tuesday"),
    (Weekday::Wednesday, "Wednesday"),
    (Weekday::Thursday, "Thursday"),
    (Weekday::Friday, "Friday"),
    (Weekday::Saturday, "Saturday"),
    (Weekday::Sunday, "Sunday"),
];

/// The days on which a daily or hourly dataset has partitions, as a calendar's name; in words and not sure if no
/// calendar matches. `periods` are sorted.
pub(super) fn calendar(periods: &[Partition]) -> Option<Inferred<String>> {
    let days = match periods.last()?.cadence() {
        Cadence::Hourly => hours::days(periods),
        Cadence::Daily => periods.to_vec(),
        Cadence::Weekly | Cadence::Monthly => return None,
    };
    let (first, last) = (days.first()?, days.last()?);
    month_ends(&days).or_else(|| {
        // Thirteen weeks: long enough to include a season, short enough to leave out an old habit.
        let weeks = (last.periods_since(*first) + 1).min(91) / 7;
        (weeks >= 3).then(|| weekdays(&days, last.offset(1 - weeks * 7), weeks))
    })
}

/// The last days of months, or the last working days.
fn month_ends(days: &[Partition]) -> Option<Inferred<String>> {
    let recent: Vec<Partition> = days.iter().rev().take(12).copied().collect();
    let fits = ["month-ends", "business-month-ends"].into_iter().find(|name| {
        let Ok(calendar) = Calendar::named(name) else { return false };
        recent.iter().all(|day| calendar.expected(*day, &TimeZone::UTC).expected)
    })?;
    let evidence = format!("each of the last {} partitions is one", recent.len());
    (recent.len() >= 4).then(|| Inferred { value: fits.to_owned(), evidence, sure: true })
}

fn weekdays(days: &[Partition], since: Partition, weeks: i64) -> Inferred<String> {
    let count = |weekday: Weekday| {
        days.iter().filter(|day| **day >= since && day.date().weekday() == weekday).count() as i64
    };
    // A weekday counts if most of its weeks have it: holidays and failures leave holes.
    let (on, off): (Vec<_>, Vec<_>) =
        WEEK.iter().map(|(day, name)| (count(*day), *name)).partition(|(n, _)| n * 10 >= weeks * 6);
    let present: i64 = on.iter().chain(&off).map(|(count, _)| count).sum();
    let names: Vec<&str> = on.iter().map(|(_, name)| *name).collect();
    let strays: i64 = off.iter().map(|(count, _)| count).sum();
    let others = off.len() as i64 * weeks;
    if off.is_empty() {
        let evidence = format!("{present} of the last {} days have a partition", weeks * 7);
        return Inferred { value: "every-day".to_owned(), evidence, sure: true };
    }
    if names.is_empty() || strays * 10 > others {
        let evidence = format!("{present} of the last {} days have a partition, on no fixed days", weeks * 7);
        return Inferred { value: "irregular".to_owned(), evidence, sure: false };
    }
    let nothing = format!("nothing on {} of {others} other days in the last {weeks} weeks", others - strays);
    if names == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"] {
        let evidence = format!("Monday to Friday: {nothing}");
        return Inferred { value: "weekdays".to_owned(), evidence, sure: true };
    }
    Inferred {
        value: names.join(", "),
        evidence: format!("only {}: {nothing}", names.join(", ")),
        sure: false,
    }
}

/// Periods without a partition among the last 90, as `3 of the last 90 are missing (2026-11-05, …)`. Days that
/// `calendar` leaves out do not count, nor do hours that are not in `kept`.
pub(super) fn holes(
    days: &[Partition],
    calendar: Option<&Inferred<String>>,
    kept: Option<&Kept>,
) -> Option<String> {
    let (first, last) = (*days.first()?, *days.last()?);
    let named = match calendar {
        Some(known) if !known.sure => return None,
        Some(known) => Calendar::named(&known.value).ok()?,
        None => Calendar::default(),
    };
    let back = last.periods_since(first).min(if last.cadence() <= Cadence::Daily { 90 } else { 26 });
    let all = (0..back).map(|by| last.offset(-by));
    let comes = |p: &Partition| kept.is_none_or(|kept| kept.holds(*p));
    let expected: Vec<Partition> =
        all.filter(|p| named.expected(*p, &TimeZone::UTC).expected).filter(comes).collect();
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

/// Whether the dataset continues. It has stopped if it has been silent for much longer than ever before.
pub(super) fn standing(days: &BTreeSet<Partition>, now: Timestamp) -> Standing {
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
    let longest = days.iter().zip(days.iter().skip(1)).map(|(day, next)| next.periods_since(*day)).max();
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
    format!("{} ago", quantity::plural(count.unsigned_abs(), unit))
}

/// The last partition that may exist at `now`: two days of margin for zones and for writers that start early.
pub(super) fn horizon(cadence: Cadence, now: Timestamp) -> Partition {
    let ahead = TimeZone::UTC.to_datetime(now).saturating_add(2.days());
    Partition::containing(ahead, cadence)
}
