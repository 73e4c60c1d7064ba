//! One feed of the sample lake: when its partitions land, how large they are, and their paths.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use lakegauge_core::partition::{Cadence, Partition};

use super::dice::Dice;
use super::incident::Incident;

/// A feed, and its incident of today.
#[derive(Clone, Copy, Debug)]
pub(super) struct Feed {
    /// Its folder in the lake.
    pub(super) folder: &'static str,
    /// The folders below it that split it, with a trailing slash; a single empty one if it is not split.
    pub(super) splits: &'static [&'static str],
    /// The format of a partition's folder, in strftime codes.
    pub(super) path: &'static str,
    pub(super) cadence: Cadence,
    /// How many partitions it has.
    pub(super) periods: i64,
    /// Whether a `_SUCCESS` marker completes a partition.
    pub(super) marker: bool,
    /// When its newest partition lands.
    pub(super) lands: Lands,
    /// The standard deviation of landing times, in minutes.
    pub(super) strays: f64,
    /// Objects per partition.
    pub(super) objects: u32,
    /// The extension of their names.
    pub(super) extension: &'static str,
    /// Bytes of the first partition.
    pub(super) bytes: f64,
    /// How much it grows with each partition, as a share of the first.
    pub(super) grows: f64,
    /// The standard deviation of sizes, on the natural log scale.
    pub(super) noise: f64,
    /// Its behaviour on Saturdays and Sundays.
    pub(super) weekend: Weekend,
    /// How many partitions before the newest nothing comes because of holidays.
    pub(super) holidays: &'static [i64],
    pub(super) today: Option<Incident>,
}

/// When a partition lands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lands {
    /// The newest lands this many minutes before the demo, the others at the same time of their days.
    BeforeNow(i64),
    /// This many minutes after the end of its period.
    AfterEnd(i64),
}

/// How weekends differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Weekend {
    /// They do not.
    Same,
    /// This share of the other days' size.
    Share(f64),
    /// Days on which nothing comes.
    Off,
}

/// Minimum age of the newest daily partition: early in the day, yesterday's is not due yet.
const SETTLES: SignedDuration = SignedDuration::from_hours(5);

impl Feed {
    /// Its partitions, oldest first.
    pub(super) fn partitions(&self, now: Timestamp) -> impl Iterator<Item = Partition> + use<'_> {
        let newest = self.newest(now);
        (0..self.periods).rev().map(move |back| newest.offset(-back)).filter(move |p| self.comes(*p, newest))
    }

    /// The newest partition that a demo at `now` shows.
    pub(super) fn newest(&self, now: Timestamp) -> Partition {
        let settles = if self.cadence == Cadence::Daily { SETTLES } else { SignedDuration::ZERO };
        let settled = now.saturating_sub(settles).unwrap_or(now).to_zoned(TimeZone::UTC);
        Partition::containing(settled.datetime(), self.cadence).previous()
    }

    fn comes(&self, partition: Partition, newest: Partition) -> bool {
        let weekend = matches!(partition.date().weekday(), Weekday::Saturday | Weekday::Sunday);
        let off = weekend && self.weekend == Weekend::Off && self.cadence == Cadence::Daily;
        !off && !self.holidays.contains(&newest.periods_since(partition))
    }

    /// When a partition is complete.
    pub(super) fn lands_at(&self, partition: Partition, now: Timestamp, dice: Dice) -> Timestamp {
        let nominal = match self.lands {
            Lands::BeforeNow(minutes) => {
                let back = self.newest(now).periods_since(partition) * self.cadence.nominal_seconds();
                now.saturating_sub((back + minutes * 60).seconds())
            }
            Lands::AfterEnd(minutes) => partition.end_in(&TimeZone::UTC).saturating_add(minutes.minutes()),
        };
        let strays = dice.of(self.folder, 0).of("lands", number(partition)).normal() * self.strays * 60.0;
        nominal.and_then(|at| at.saturating_add((strays as i64).seconds())).unwrap_or(now)
    }

    /// Bytes of a partition.
    pub(super) fn size(&self, split: &str, partition: Partition, now: Timestamp, dice: Dice) -> f64 {
        let age = self.periods - 1 - self.newest(now).periods_since(partition);
        let share = match (self.weekend, partition.date().weekday()) {
            (Weekend::Share(share), Weekday::Saturday | Weekday::Sunday) => share,
            _ => 1.0,
        };
        let hour = match self.cadence {
            // Fewer people are awake at four than at noon.
            Cadence::Hourly => {
                1.0 - 0.3 * (f64::from(partition.start().hour()) / 24.0 * std::f64::consts::TAU).cos()
            }
            _ => 1.0,
        };
        let noise = dice.of(self.folder, 1).of(split, number(partition)).normal() * self.noise;
        let country = 0.5 + dice.of(self.folder, 2).of(split, 0).share();
        self.bytes * country * (1.0 + self.grows * age as f64) * share * hour * noise.exp()
    }

    /// The folder of a partition, below the lake's root, with a trailing slash.
    pub(super) fn prefix(&self, split: &str, partition: Partition) -> String {
        format!("{}/{split}{}/", self.folder, partition.start().strftime(self.path))
    }
}

/// A partition as a number for the dice: the hours since the calendar began.
fn number(partition: Partition) -> i64 {
    partition.start().duration_since(jiff::civil::DateTime::ZERO).as_hours()
}
