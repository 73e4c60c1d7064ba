//! Which partitions are expected, and why others are not.

use std::collections::BTreeSet;
use std::iter;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::days_off::DaysOff;
use crate::due::Due;
use crate::partition::{Cadence, Partition};

/// How far to search for an expected partition.
const LONGEST_PAUSE_DAYS: i32 = 800;

/// The days on which data is expected. The default is every day, unless history shows otherwise; [`Calendar::parse`]
/// reads the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calendar {
    pub(super) named: bool,
    pub(super) weekends_off: bool,
    pub(super) month_end: Option<MonthEnd>,
    pub(super) days_off: Vec<DaysOff>,
}

/// The only day of a month that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MonthEnd {
    /// The last day of the month.
    LastDay,
    /// The last day of the month that is not off.
    LastWorkingDay,
}

/// Whether a partition is expected, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Whether the partition should land.
    pub expected: bool,
    /// Continues "expected because" or "not expected because": `Saturday is a day off`.
    pub reason: String,
}

impl Calendar {
    /// Whether the config names the days, including `every-day`. Otherwise history may show that some weekdays are
    /// never expected; a file of days off says nothing about those.
    pub fn names_days(&self) -> bool {
        self.named
    }

    /// Whether the config asks for every day, without exception.
    pub fn is_every_day(&self) -> bool {
        self.named && !self.weekends_off && self.month_end.is_none() && self.days_off.is_empty()
    }

    /// Every day that a file of it takes off, until 2100.
    pub fn days_off(&self) -> BTreeSet<Date> {
        self.days_off.iter().flat_map(DaysOff::days).collect()
    }

    /// Whether `partition` is expected.
    ///
    /// A daily or hourly partition is expected when its day is, a weekly or monthly one when any of its days is. A
    /// period that the zone's clocks skip entirely is not expected.
    pub fn expected(&self, partition: Partition, zone: &TimeZone) -> Expectation {
        if is_skipped(partition, zone) {
            let zone = zone.iana_name().unwrap_or("its zone");
            return Expectation { expected: false, reason: format!("the clocks of {zone} skip {partition}") };
        }
        let first = partition.date();
        let outcome = match partition.cadence() {
            Cadence::Hourly | Cadence::Daily => self.day(first, zone),
            Cadence::Weekly | Cadence::Monthly => {
                let end = partition.next().date();
                first
                    .series(1.day())
                    .take_while(|day| *day < end)
                    .find_map(|day| self.day(day, zone).ok())
                    .map(|_| "not all of its days are off".to_owned())
                    .ok_or_else(|| "none of its days is expected".to_owned())
            }
        };
        match outcome {
            Ok(reason) => Expectation { expected: true, reason },
            Err(reason) => Expectation { expected: false, reason },
        }
    }

    /// The expected partitions from `from` to `to`, both included when expected. Empty when their cadences differ.
    pub fn expected_partitions(&self, from: Partition, to: Partition, zone: &TimeZone) -> Vec<Partition> {
        if from.cadence() != to.cadence() {
            return Vec::new();
        }
        let mut next = Some(from);
        iter::from_fn(|| {
            let partition = next.filter(|p| *p <= to)?;
            next = Some(partition.next()).filter(|after| *after > partition);
            Some(partition)
        })
        .filter(|p| self.expected(*p, zone).expected)
        .collect()
    }

    /// The newest expected partition whose deadline has passed. A landing at its deadline is on time, so at that very
    /// moment the deadline has not passed. `None` if there is none within two years.
    pub fn newest_due(
        &self,
        now: Timestamp,
        cadence: Cadence,
        due: Due,
        zone: &TimeZone,
    ) -> Option<Partition> {
        let mut partition = Partition::containing(now.to_zoned(zone.clone()).datetime(), cadence);
        // A deadline may be before its partition (`-1d 18:00`). Deadlines are in the same order as partitions.
        while due.deadline(partition.next(), zone) < now && partition.next() > partition {
            partition = partition.next();
        }
        while due.deadline(partition, zone) >= now {
            let before = partition.previous();
            if before >= partition {
                return None;
            }
            partition = before;
        }
        self.at_or_before(partition, zone)
    }

    /// The newest expected partition before `partition`. `None` when there is none within two years.
    pub fn previous_expected(&self, partition: Partition, zone: &TimeZone) -> Option<Partition> {
        let before = partition.previous();
        (before < partition).then(|| self.at_or_before(before, zone))?
    }

    /// The oldest expected partition after `partition`. `None` when there is none within two years.
    pub fn next_expected(&self, partition: Partition, zone: &TimeZone) -> Option<Partition> {
        let limit = partition.date().saturating_add(LONGEST_PAUSE_DAYS.days());
        iter::successors(Some(partition.next()), |p| Some(p.next()).filter(|after| after > p))
            .take_while(|p| *p > partition && p.date() <= limit)
            .find(|p| self.expected(*p, zone).expected)
    }

    fn at_or_before(&self, partition: Partition, zone: &TimeZone) -> Option<Partition> {
        let limit = partition.date().saturating_sub(LONGEST_PAUSE_DAYS.days());
        iter::successors(Some(partition), |p| Some(p.previous()).filter(|before| before < p))
            .take_while(|p| p.date() >= limit)
            .find(|p| self.expected(*p, zone).expected)
    }

    /// Why a day is expected (`Ok`) or not (`Err`).
    fn day(&self, day: Date, zone: &TimeZone) -> Result<String, String> {
        let working = self.working(day, zone);
        match self.month_end {
            None => working,
            Some(MonthEnd::LastDay) if day != day.last_of_month() => {
                Err("only the last day of each month is expected".to_owned())
            }
            Some(MonthEnd::LastDay) => working.map(|_| "it is the last day of its month".to_owned()),
            Some(MonthEnd::LastWorkingDay) => {
                working?;
                let mut later = day.series(1.day()).skip(1).take_while(|d| d.month() == day.month());
                if later.any(|d| self.working(d, zone).is_ok()) {
                    return Err("only the last business day of each month is expected".to_owned());
                }
                Ok("it is the last business day of its month".to_owned())
            }
        }
    }

    fn working(&self, day: Date, zone: &TimeZone) -> Result<String, String> {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if self.weekends_off && weekend {
            return Err(format!("{} is a day off", day.strftime("%A")));
        }
        for days_off in &self.days_off {
            if let Some(summary) = days_off.on(day, zone) {
                return Err(format!("{summary} is a day off in {}", days_off.name()));
            }
        }
        Ok(match (self.weekends_off, self.days_off.is_empty()) {
            (false, true) => "every day is expected".to_owned(),
            (true, true) => format!("{} is a weekday", day.strftime("%A")),
            (true, false) => format!("{} is a weekday and no day off", day.strftime("%A")),
            (false, false) => "it is no day off".to_owned(),
        })
    }
}

/// Whether a zone's clocks skip the whole period, as they skip an hour in spring.
fn is_skipped(partition: Partition, zone: &TimeZone) -> bool {
    let starts = partition.start_in(zone).to_zoned(zone.clone()).datetime();
    Partition::containing(starts, partition.cadence()) != partition
}
