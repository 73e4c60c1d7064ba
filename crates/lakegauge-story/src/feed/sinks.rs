//! Writers of the made-up feeds.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::partition::{Cadence, Partition};

use crate::day::{Day, days};
use crate::dice::Dice;
use crate::lake::StoryLake;

/// The first day of every made-up feed.
pub(super) const FIRST: &str = "2026-01-01";
/// The day after its last.
pub(super) const LAST: &str = "2026-07-01";

/// A lake that is being written, with the dice that decide how.
pub(super) struct Sink {
    pub(super) lake: StoryLake,
    pub(super) dice: Dice,
}

impl Sink {
    pub(super) fn new(seed: u64) -> Sink {
        Sink { lake: StoryLake::new(), dice: Dice::new(seed) }
    }

    /// The days of every made-up feed.
    pub(super) fn days(&self) -> impl Iterator<Item = Day> + use<> {
        days(FIRST, LAST)
    }

    /// The hours of every hourly made-up feed, which start later because they are looked at more often.
    pub(super) fn hours(&self) -> impl Iterator<Item = (Day, i64)> + use<> {
        days("2026-02-01", "2026-04-20").flat_map(|day| (0..24).map(move |hour| (day, hour)))
    }

    /// `n` objects with `bytes` in all, half a minute apart, the last one at `at`.
    pub(super) fn files(&mut self, folder: &str, n: u64, bytes: u64, at: Timestamp) {
        for i in 0..n {
            let size = (bytes as f64 / n as f64 * (1.0 + 0.05 * self.dice.normal())).max(1.0) as u64;
            let written = at - SignedDuration::from_secs(30 * (n - 1 - i) as i64);
            self.lake.put(format!("{folder}part-{i:03}.gz"), size, written);
        }
    }

    /// A daily job: one file per day, `hours` after the start of the day in `zone`, plus up to twice `jitter` minutes.
    pub(super) fn daily(
        &mut self,
        zone: &TimeZone,
        hours: i64,
        jitter: i64,
        bytes: impl Fn(Day, &mut Dice) -> u64,
        came: impl Fn(Day) -> bool,
    ) {
        for day in self.days().filter(|day| came(*day)) {
            let late = self.dice.between(0, 2 * jitter as u64) as i64;
            let size = bytes(day, &mut self.dice);
            self.lake.put(format!("feed/date={day}/part-0.gz"), size, day.at_in(zone, hours, late));
        }
    }

    /// Files in the hour's folder in local time, this many minutes after the start of the hour.
    pub(super) fn hourly(&mut self, zone: &TimeZone, minutes: &[i64], bytes: impl Fn(i64) -> f64) {
        let (first, last) = (Day::new("2026-02-01"), Day::new("2026-04-20"));
        let (mut at, end) = (first.at_in(zone, 0, 0), last.at_in(zone, 0, 0));
        while at < end {
            let local = at.to_zoned(zone.clone()).datetime();
            let hour = Partition::containing(local, Cadence::Hourly);
            for minute in minutes {
                let size = self.dice.about(bytes(i64::from(hour.start().hour())), 0.08);
                let written = at + SignedDuration::from_secs(60 * minute + self.dice.between(0, 59) as i64);
                let key = format!(
                    "feed/date={}/hour={:02}/part-{}-{minute}.gz",
                    hour.date(),
                    hour.start().hour(),
                    at.as_second()
                );
                self.lake.put(key, size, written);
            }
            at += SignedDuration::from_hours(1);
        }
    }
}
