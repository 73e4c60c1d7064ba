//! Partitions that were written together: either the habit of a batch job, or a single copy.
//!
//! The write times of a copy say nothing about the job that made the data. Those of a batch job that writes the last
//! 24 hours every night do.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::partition::Partition;

/// How many partitions must land within one period to count as written together.
const TOGETHER: usize = 5;
/// How many periods a batch may be behind, in addition to twice its own size.
const DELAY: i64 = 7;

/// A landing: the time, and the partition.
type Landing = (Timestamp, Partition);

/// Partitions that were written together.
struct Batch<'a> {
    landings: &'a [Landing],
    /// Periods between the end of the oldest partition and the write.
    age: i64,
}

/// The partitions whose landing time is that of a copy: at least five of them were last written within one period's
/// length, and this dataset does not always do that. A catch-up after an outage looks like a copy, and its landing
/// times are just as unusual.
pub fn copied(landings: impl IntoIterator<Item = (Partition, Timestamp)>) -> BTreeSet<Partition> {
    let mut sorted: Vec<Landing> = landings.into_iter().map(|(p, t)| (t, p)).collect();
    sorted.sort();
    let members = together(&sorted);
    let batches = batches(&members);
    let habits = habits(&batches, &sorted);
    let copies = batches.iter().zip(habits).filter(|(_, habit)| !habit);
    copies.flat_map(|(batch, _)| batch.landings).map(|(_, partition)| *partition).collect()
}

/// The landings that fall within one period's length in groups of at least five, in order of time.
fn together(sorted: &[Landing]) -> Vec<Landing> {
    let mut members = Vec::new();
    let (mut end, mut taken) = (0, 0);
    for (start, (first, partition)) in sorted.iter().enumerate() {
        let limit = partition.cadence().nominal_seconds();
        end = end.max(start);
        while sorted.get(end).is_some_and(|(t, _)| t.duration_since(*first).as_secs() < limit) {
            end += 1;
        }
        if end - start >= TOGETHER {
            members.extend(sorted.get(start.max(taken)..end).unwrap_or_default());
            taken = end;
        }
    }
    members
}

/// Splits `members` where nothing was written for a period.
fn batches(members: &[Landing]) -> Vec<Batch<'_>> {
    let near = |a: &Landing, b: &Landing| b.0.duration_since(a.0).as_secs() < a.1.cadence().nominal_seconds();
    members.chunk_by(near).filter_map(Batch::of).collect()
}

impl<'a> Batch<'a> {
    fn of(landings: &'a [Landing]) -> Option<Batch<'a>> {
        let (at, _) = landings.first()?;
        let oldest = landings.iter().map(|(_, partition)| *partition).min()?;
        let age =
            at.duration_since(oldest.end_in(&TimeZone::UTC)).as_secs() / oldest.cadence().nominal_seconds();
        Some(Batch { landings, age })
    }

    fn size(&self) -> i64 {
        self.landings.len() as i64
    }

    /// Whether it contains the periods right before it was written. A copy reaches back farther than its size: it
    /// contains old data, not new data.
    fn is_recent(&self) -> bool {
        self.age <= 2 * self.size() + DELAY
    }
}

/// For each batch, whether this dataset always does that: there are at least two batches of similar size and age,
/// they are as far apart as it takes for that many new periods to exist, and most of what landed since the first of
/// them came in such a batch.
fn habits(batches: &[Batch<'_>], sorted: &[Landing]) -> Vec<bool> {
    let recent = || batches.iter().filter(|batch| batch.is_recent());
    let middle = |mut values: Vec<i64>| {
        values.sort_unstable();
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    let size = middle(recent().map(Batch::size).collect());
    let age = middle(recent().map(|batch| batch.age).collect());
    let is_alike = |batch: &&Batch<'_>| {
        let alike = batch.size() <= 2 * size && batch.size() * 2 >= size && batch.age <= 2 * age + DELAY;
        batch.is_recent() && alike
    };
    let alike: Vec<&Batch<'_>> = batches.iter().filter(is_alike).collect();
    let starts: Vec<Landing> = alike.iter().filter_map(|batch| batch.landings.first().copied()).collect();
    let (Some((first, partition)), Some((last, _))) = (starts.first(), starts.last()) else {
        return vec![false; batches.len()];
    };
    // A lake that is copied one month each evening has such batches, too.
    let between = last.duration_since(*first).as_secs() / (starts.len() as i64 - 1).max(1);
    let apart = between * 2 >= size * partition.cadence().nominal_seconds();
    let since = sorted.iter().filter(|(at, _)| at >= first).count();
    let inside: usize = alike.iter().map(|batch| batch.landings.len()).sum();
    let habit = alike.len() >= 2 && apart && inside * 2 >= since;
    batches.iter().map(|batch| habit && is_alike(&batch)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partition::Cadence;

    fn landings(rows: &[(&str, &str)]) -> BTreeSet<Partition> {
        copied(rows.iter().map(|(p, t)| (Partition::parse(p).unwrap(), t.parse().unwrap())))
    }

    #[test]
    fn five_partitions_written_within_a_day_were_copied() {
        let day = |d: i8| format!("2026-01-{d:02}");
        let rows: Vec<(String, String)> = (1..=9)
            .map(|d| {
                let at = if d <= 5 {
                    "2026-02-01T10:00:00Z".to_owned()
                } else {
                    format!("2026-01-{d:02}T10:00:00Z")
                };
                (day(d), at)
            })
            .collect();
        let rows: Vec<(&str, &str)> = rows.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
        let found: Vec<String> = landings(&rows).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"]);
    }

    #[test]
    fn a_weekend_that_lands_on_monday_was_not() {
        let rows = [
            ("2026-01-02", "2026-01-05T06:00:00Z"),
            ("2026-01-03", "2026-01-05T06:01:00Z"),
            ("2026-01-04", "2026-01-05T06:02:00Z"),
            ("2026-01-05", "2026-01-06T06:00:00Z"),
        ];
        assert!(landings(&rows).is_empty());
    }

    /// How many of `count` partitions of `cadence` before 2026-03-01 count as copied, where partition `n` was written
    /// `lag(n)` periods after its own end.
    fn check(cadence: Cadence, count: i64, lag: impl Fn(i64) -> f64, expect: usize) {
        let first = Partition::containing("2026-03-01T00:00:00".parse().unwrap(), cadence).offset(-count);
        let landing = |n: i64| {
            let partition = first.offset(n);
            let seconds = (lag(n) * cadence.nominal_seconds() as f64) as i64;
            let at = partition.end_in(&TimeZone::UTC).as_second() + seconds + n % 7;
            (partition, Timestamp::from_second(at).unwrap())
        };
        assert_eq!(copied((0..count).map(landing)).len(), expect, "{cadence:?} {count}");
    }

    #[test]
    fn what_comes_again_and_again_is_a_habit_and_what_came_once_a_copy() {
        use Cadence::{Daily, Hourly};
        // Every night the hours of the day before, for two weeks and for two days; after one night it cannot be
        // known.
        let nightly = |n: i64| (23 - n.rem_euclid(24)) as f64 + 3.0;
        check(Hourly, 14 * 24, nightly, 0);
        check(Hourly, 48, nightly, 0);
        check(Hourly, 24, nightly, 24);
        // Twelve hours twice a day, and a week at once each week.
        check(Hourly, 10 * 24, |n| (11 - n.rem_euclid(12)) as f64 + 1.0, 0);
        check(Daily, 70, |n| (6 - n.rem_euclid(7)) as f64 + 0.2, 0);
        // All at once; and one month each evening.
        check(Daily, 90, |n| (90 - n) as f64, 90);
        check(Daily, 90, |n| (90 - n) as f64 + (n / 30) as f64 * 1.5, 90);
        // Two outages of a week in one year, and the day after each.
        let outages = |n: i64| if n % 150 < 7 { (7 - n % 150) as f64 } else { 0.1 };
        check(Daily, 300, outages, 16);
        // A copy of two months, and nightly batches since.
        check(
            Hourly,
            80 * 24,
            |n| if n < 60 * 24 { (60 * 24 - n) as f64 + 3.0 } else { nightly(n) },
            60 * 24,
        );
    }
}
