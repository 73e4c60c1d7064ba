//! When partitions landed, if the store's write times still show it.

use std::collections::HashMap;

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use lakegauge_core::due::Due;
use lakegauge_core::lifecycle::AFTER;
use lakegauge_core::partition::{Cadence, Partition};

use super::finding::Inferred;
use super::group::{Group, Part};

/// How many of the newest partitions the landing window is computed from.
const RECENT: usize = 90;

/// One arrival: the instant, and the seconds since the end of the partition's period in UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) at: Timestamp,
    pub(super) delay: i64,
}

/// The arrivals of a dataset.
pub(super) struct Arrivals {
    /// Those of the newest partitions, oldest first; `None` where the write time does not show the arrival.
    recent: Vec<Option<Arrival>>,
    /// All known arrivals.
    pub(super) known: Vec<Arrival>,
    /// The evidence, if the write times are those of a copy.
    pub(super) copied: Option<String>,
}

/// The window of landing times.
pub(super) struct Landing {
    pub(super) text: String,
    pub(super) due: Option<Inferred<String>>,
}

/// When a partition with a marker landed: data that was written after its marker counts, as it does in a check.
fn landed_at(part: &Part) -> i64 {
    if part.last - part.marked > AFTER.as_secs() { part.last } else { part.marked }
}

/// Collects the arrivals of the partitions whose period is over. `marked`: the marker shows when a partition landed.
pub(super) fn arrivals(group: &Group, cadence: Cadence, marked: bool, now: Timestamp) -> Arrivals {
    let over = group.parts.iter().filter(|(p, part)| part.objects > 0 && p.end_in(&TimeZone::UTC) <= now);
    // When the last object was written is not known of a partition that was not listed whole.
    let is_told = |part: &Part| !part.cut || (marked && part.markers > 0);
    let (over, untold): (Vec<_>, Vec<_>) = over.partition(|(_, part)| is_told(part));
    let landed: Vec<(Partition, i64)> = over
        .into_iter()
        .map(|(p, part)| (*p, if marked && part.markers > 0 { landed_at(part) } else { part.last }))
        .collect();
    let mut hours: HashMap<i64, usize> = HashMap::new();
    for (_, at) in &landed {
        *hours.entry(at.div_euclid(3_600)).or_default() += 1;
    }
    let many = match cadence {
        Cadence::Hourly => 24,
        Cadence::Daily => 5,
        Cadence::Weekly | Cadence::Monthly => 3,
    };
    let together = |at: i64| hours.get(&at.div_euclid(3_600)).copied().unwrap_or(0) > many;
    let tell = |(partition, at): &(Partition, i64)| {
        let at = Timestamp::from_second(*at).ok().filter(|at| !together(at.as_second()))?;
        let delay = at.duration_since(partition.end_in(&TimeZone::UTC)).as_secs();
        // A much later write is a repair, and a much earlier one a placeholder: neither is an arrival.
        let period = cadence.nominal_seconds();
        let latest = match cadence {
            Cadence::Hourly => 86_400,
            Cadence::Daily | Cadence::Weekly => 7 * 86_400,
            Cadence::Monthly => 20 * 86_400,
        };
        (-period - 86_400..=latest).contains(&delay).then_some(Arrival { at, delay })
    };
    let told: Vec<Option<Arrival>> = landed.iter().map(tell).collect();
    let bulk = landed.iter().filter(|(_, at)| together(*at)).count();
    let copied = (bulk > 0 && (bulk >= 10 || bulk * 5 >= landed.len())).then(|| {
        let biggest = hours.iter().max_by_key(|(hour, count)| (**count, **hour));
        let when = biggest.and_then(|(hour, count)| {
            Some((Timestamp::from_second(hour * 3_600).ok()?.strftime("%Y-%m-%d %H:00").to_string(), *count))
        });
        let (hour, count) = when.unwrap_or_default();
        format!(
            "{bulk} of {} partitions were written many at once ({count} of them in the hour of {hour} UTC): a copy or \
             a migration; when those landed is not known",
            landed.len()
        )
    });
    let told: Vec<Option<Arrival>> = untold.iter().map(|_| None).chain(told).collect();
    let recent = told.iter().rev().take(RECENT).rev().copied().collect();
    Arrivals { recent, known: told.into_iter().flatten().collect(), copied }
}

/// The window in which the newest partitions landed, and a due time when it is narrow and steady.
pub(super) fn landing(arrivals: &Arrivals, cadence: Cadence) -> Landing {
    let mut delays: Vec<i64> = arrivals.recent.iter().flatten().map(|arrival| arrival.delay).collect();
    delays.sort_unstable();
    let recent = arrivals.recent.len();
    let least = if cadence <= Cadence::Daily { 7 } else { 4 };
    if delays.len() < least {
        let text = match (&arrivals.copied, recent) {
            (Some(_), _) => "the landing time is not known yet, because of the copy".to_owned(),
            (None, 0) => "no partition is over yet".to_owned(),
            (None, _) => {
                let told = delays.len();
                let of =
                    if told == recent { told.to_string() } else { format!("{told} of the last {recent}") };
                let tell = if recent == 1 { "partition tells" } else { "partitions tell" };
                format!("the landing time is not known yet: {of} {tell} of it, {least} are needed")
            }
        };
        return Landing { text, due: None };
    }
    // Nearest ranks: the window leaves out one in forty on either side.
    let cut = delays.len() / 40;
    let low = delays.get(cut).copied().unwrap_or_default();
    let high = delays.get(delays.len() - 1 - cut).copied().unwrap_or_default();
    let inside = delays.iter().filter(|delay| (low..=high).contains(*delay)).count();
    let text = format!("landed {} on {inside} of the last {recent} partitions", window(low, high, cadence));
    let (enough, narrow) = match cadence {
        Cadence::Hourly => (48, 45 * 60),
        Cadence::Daily => (30, 2 * 3_600),
        Cadence::Weekly | Cadence::Monthly => (8, 6 * 3_600),
    };
    let steady = recent >= enough && inside * 10 >= recent * 9 && high - low <= narrow;
    // A write long after the end may be a rolling rewrite and not the arrival. A day's snapshot may land on the
    // morning of that day; an hour that is complete before it ends belongs to another zone.
    let prompt = match cadence {
        Cadence::Hourly => (0..=12 * 3_600).contains(&high),
        cadence => (-cadence.nominal_seconds()..=cadence.nominal_seconds().min(3 * 86_400)).contains(&high),
    };
    if high <= -cadence.nominal_seconds() {
        return Landing { text, due: None };
    }
    let margin = ((high - low) / 2).max(if cadence == Cadence::Hourly { 5 * 60 } else { 15 * 60 });
    let after = rounded(high + margin, cadence);
    let late = delays.iter().filter(|delay| **delay > after).count();
    // A due time that was missed more often than this in the past would be a false alarm.
    let kept = late * 50 <= recent;
    let evidence = if late == 0 { text.clone() } else { format!("{text}; {late} were later than due") };
    let value = due(after, cadence).to_string();
    Landing { due: Some(Inferred { value, evidence, sure: steady && prompt && kept }), text }
}

/// Seconds rounded up to what people write: five minutes for hourly data, a quarter of an hour otherwise.
fn rounded(delay: i64, cadence: Cadence) -> i64 {
    let step = if cadence == Cadence::Hourly { 5 * 60 } else { 15 * 60 };
    delay.div_euclid(step) * step + if delay.rem_euclid(step) > 0 { step } else { 0 }
}

/// The due time that is `delay` seconds after the period's end.
fn due(delay: i64, cadence: Cadence) -> Due {
    if cadence == Cadence::Hourly {
        return Due::Elapsed { after: SignedDuration::from_secs((delay + 3_600).max(0)) };
    }
    let (days, time) = (delay.div_euclid(86_400) + 1, clock(delay));
    Due::Calendar { days: i32::try_from(days).unwrap_or(i32::MAX), time }
}

/// The UTC time of day at so many seconds after midnight.
fn clock(seconds: i64) -> Time {
    Time::midnight().wrapping_add(SignedDuration::from_secs(seconds.rem_euclid(86_400)))
}

/// `03:58–04:21 UTC the next day`.
fn window(low: i64, high: i64, cadence: Cadence) -> String {
    if cadence == Cadence::Hourly {
        let minutes = |seconds: i64| seconds.div_euclid(60);
        return format!("{} min after the hour's end (UTC)", span(minutes(low), minutes(high)));
    }
    let (from, to) = (low.div_euclid(86_400) + 1, high.div_euclid(86_400) + 1);
    let at = |seconds: i64| clock(seconds).strftime("%H:%M").to_string();
    if from != to {
        return format!("{from:+}d {} to {to:+}d {} UTC", at(low), at(high));
    }
    let day = match (cadence, from) {
        (Cadence::Daily, 0) => "the same day".to_owned(),
        (Cadence::Daily, 1) => "the next day".to_owned(),
        (Cadence::Daily, -1) => "the day before".to_owned(),
        (Cadence::Daily, days) if days > 0 => format!("{days} days later"),
        (Cadence::Daily, days) => format!("{} days earlier", -days),
        (_, 0) => "on the period's last day".to_owned(),
        (_, 1) => "on the day after the period".to_owned(),
        (_, days) => format!("{days} days after the period"),
    };
    format!("{} UTC {day}", span(at(low), at(high)))
}

/// `7–12`; `7` where both are the same.
fn span<T: PartialEq + std::fmt::Display>(low: T, high: T) -> String {
    if low == high { low.to_string() } else { format!("{low}–{high}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_read_as_people_say_them() {
        let check = |low: i64, high: i64, cadence, expect: &str| {
            assert_eq!(window(low * 60, high * 60, cadence), expect, "{low} to {high}");
        };
        check(7, 12, Cadence::Hourly, "7–12 min after the hour's end (UTC)");
        check(7, 7, Cadence::Hourly, "7 min after the hour's end (UTC)");
        check(240, 240, Cadence::Daily, "04:00 UTC the next day");
        check(240, 260, Cadence::Daily, "04:00–04:20 UTC the next day");
        check(-2_000, -1_990, Cadence::Daily, "14:40–14:50 UTC the day before");
        check(-3_000, -3_000, Cadence::Daily, "22:00 UTC 2 days earlier");
        check(-10, 10, Cadence::Daily, "+0d 23:50 to +1d 00:10 UTC");
    }
}
