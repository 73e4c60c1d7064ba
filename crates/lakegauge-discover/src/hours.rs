//! The hours of the day at which an hourly dataset has partitions.

use std::fmt;

use lakegauge_core::partition::{Cadence, Partition};

/// How many days the hours are learned from: hours change more often than weekdays do.
const DAYS: usize = 14;
/// Minimum number of days.
const LEAST: usize = 3;

/// The hours at which a dataset has partitions; printed as `only at 09–16h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept([bool; 24]);

/// The days of hourly partitions; both are sorted.
pub(super) fn days(hours: &[Partition]) -> Vec<Partition> {
    let mut days: Vec<Partition> =
        hours.iter().map(|hour| Partition::containing(hour.start(), Cadence::Daily)).collect();
    days.dedup();
    days
}

/// The hours that most of the last days have, if those are not all hours. The newest day may not be over, and the
/// oldest may have begun before the data.
pub(super) fn kept(hours: &[Partition]) -> Option<Kept> {
    if hours.last()?.cadence() != Cadence::Hourly {
        return None;
    }
    let days = days(hours);
    let whole = days.get(1..days.len().saturating_sub(1))?;
    let recent = whole.get(whole.len().saturating_sub(DAYS)..)?;
    let (from, to) = (recent.first()?.start(), recent.last()?.next().start());
    let mut counts = [0_usize; 24];
    for hour in hours.iter().map(|hour| hour.start()).filter(|at| (from..to).contains(at)) {
        if let Some(count) = usize::try_from(hour.hour()).ok().and_then(|hour| counts.get_mut(hour)) {
            *count += 1;
        }
    }
    let kept = Kept(counts.map(|count| count * 10 >= recent.len() * 6));
    (recent.len() >= LEAST && !kept.0.iter().all(|comes| *comes)).then_some(kept)
}

/// Whether hours were seen for long enough to include a weekend.
pub(super) fn tell_of_a_week(hours: &[Partition]) -> bool {
    match (hours.first(), hours.last()) {
        (Some(first), Some(last)) => {
            last.cadence() != Cadence::Hourly || last.periods_since(*first) >= 7 * 24
        }
        _ => false,
    }
}

impl Kept {
    /// Whether this hour of the day has partitions.
    pub(super) fn holds(&self, hour: Partition) -> bool {
        usize::try_from(hour.start().hour()).ok().and_then(|hour| self.0.get(hour)).copied().unwrap_or(true)
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for hour in self.0.iter().enumerate().filter(|(_, comes)| **comes).map(|(hour, _)| hour) {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == hour => *last = hour,
                _ => runs.push((hour, hour)),
            }
        }
        let names = runs.iter().map(|(first, last)| match first == last {
            true => format!("{first:02}"),
            false => format!("{first:02}–{last:02}"),
        });
        let names: Vec<String> = names.collect();
        if names.is_empty() {
            f.write_str("at no fixed hours")
        } else {
            write!(f, "only at {}h", names.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hours found for `days` days, starting on a Monday; `comes` says which hours of which days have data.
    fn check(days: i64, comes: impl Fn(i64, i64) -> bool, expect: &str) {
        let monday = Partition::parse("2026-08-31T00").unwrap();
        let all = (0..days * 24).filter(|n| comes(n / 24, n % 24));
        let hours: Vec<Partition> = all.map(|n| monday.offset(n)).collect();
        let kept = kept(&hours).map_or_else(|| "all".to_owned(), |kept| kept.to_string());
        assert_eq!(kept, expect, "{days} days");
    }

    #[test]
    fn hours_are_those_that_most_days_have() {
        check(20, |_, _| true, "all");
        check(20, |day, hour| (day, hour) != (9, 5), "all");
        check(20, |_, hour| (9..17).contains(&hour), "only at 09–16h");
        check(20, |day, hour| day % 7 < 5 && (9..17).contains(&hour), "only at 09–16h");
        check(20, |_, hour| !(5..20).contains(&hour), "only at 00–04, 20–23h");
        check(20, |_, hour| hour % 6 == 0, "only at 00, 06, 12, 18h");
        check(60, |day, hour| (if day < 40 { 9..17 } else { 6..14 }).contains(&hour), "only at 06–13h");
        check(20, |day, hour| (day * 7 + hour * 5) % 3 == 0, "at no fixed hours");
        check(4, |_, hour| hour < 3, "all");
    }
}
