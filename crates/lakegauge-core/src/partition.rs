//! A partition's name: the slice of local time that it covers.

use std::fmt;

use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// How much time one partition of a dataset covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cadence {
    /// One local hour of the clock face; on the day that repeats an hour, both passes share a partition.
    Hourly,
    /// One local calendar day: 23, 24 or 25 hours long.
    Daily,
    /// One ISO 8601 week, Monday to Sunday.
    Weekly,
    /// One calendar month.
    Monthly,
}

impl Cadence {
    /// The civil length of one period.
    pub fn span(self) -> Span {
        match self {
            Cadence::Hourly => 1.hour(),
            Cadence::Daily => 1.day(),
            Cadence::Weekly => 1.week(),
            Cadence::Monthly => 1.month(),
        }
    }

    /// The nominal length of one period in seconds (30 days for a month).
    pub fn nominal_seconds(self) -> i64 {
        match self {
            Cadence::Hourly => 3_600,
            Cadence::Daily => 86_400,
            Cadence::Weekly => 7 * 86_400,
            Cadence::Monthly => 30 * 86_400,
        }
    }

    /// The adjective that people use: `hourly`, `daily`, `weekly`, `monthly`.
    pub fn name(self) -> &'static str {
        match self {
            Cadence::Hourly => "hourly",
            Cadence::Daily => "daily",
            Cadence::Weekly => "weekly",
            Cadence::Monthly => "monthly",
        }
    }
}

/// One partition of a dataset, named by the local time at which its period starts.
///
/// Partitions sort by time. The name is civil: its instant depends on the dataset's zone ([`Partition::start_in`],
/// [`Partition::end_in`]).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition {
    start: DateTime,
    cadence: Cadence,
}

impl Partition {
    /// The partition of `cadence` whose period contains the local time `at`.
    pub fn containing(at: DateTime, cadence: Cadence) -> Partition {
        let day = at.date();
        let start = match cadence {
            Cadence::Hourly => day.at(at.hour(), 0, 0, 0),
            Cadence::Daily => day.at(0, 0, 0, 0),
            Cadence::Weekly => {
                let back = day.weekday().since(Weekday::Monday);
                day.saturating_sub(i64::from(back).days()).at(0, 0, 0, 0)
            }
            Cadence::Monthly => day.first_of_month().at(0, 0, 0, 0),
        };
        Partition { start, cadence }
    }

    /// Reads a partition as [`Display`](fmt::Display) writes it: `2026-11-21T05`, `2026-11-21`, `2026-W47` or
    /// `2026-11`. The shape decides the cadence. `None` for anything else.
    pub fn parse(text: &str) -> Option<Partition> {
        if let Some((year, week)) = text.split_once("-W") {
            let date =
                ISOWeekDate::new(digits(year, 4)?, digits(week, 2)? as i8, Weekday::Monday).ok()?.date();
            return Some(Partition::containing(date.at(0, 0, 0, 0), Cadence::Weekly));
        }
        if let Some((date, hour)) = text.split_once('T') {
            let hour = digits(hour.strip_suffix(":00").unwrap_or(hour), 2)? as i8;
            let at = DateTime::new(0, 1, 1, hour, 0, 0, 0).ok()?.time();
            return Some(Partition::containing(parse_date(date)?.to_datetime(at), Cadence::Hourly));
        }
        match text.len() {
            7 => {
                let date = parse_date(&format!("{text}-01"))?;
                Some(Partition::containing(date.at(0, 0, 0, 0), Cadence::Monthly))
            }
            _ => Some(Partition::containing(parse_date(text)?.at(0, 0, 0, 0), Cadence::Daily)),
        }
    }

    /// How long a period of this partition's dataset is.
    pub fn cadence(self) -> Cadence {
        self.cadence
    }

    /// The local time at which the period starts.
    pub fn start(self) -> DateTime {
        self.start
    }

    /// The local date on which the period starts.
    pub fn date(self) -> Date {
        self.start.date()
    }

    /// The period after this one. Saturates at the end of the calendar (year 9999).
    pub fn next(self) -> Partition {
        self.offset(1)
    }

    /// This period and the following ones, up to and including `last`; none if this one is after `last`. Ends at the
    /// end of the calendar, where no period has a next one.
    pub fn through(self, last: Partition) -> impl Iterator<Item = Partition> {
        let after = |p: &Partition| Some(p.next()).filter(|after| after > p);
        std::iter::successors(Some(self), after).take_while(move |p| *p <= last)
    }

    /// The period before this one. Saturates at the start of the calendar.
    pub fn previous(self) -> Partition {
        self.offset(-1)
    }

    /// The period `by` periods later (earlier when negative). Saturates at the ends of the calendar.
    pub fn offset(self, by: i64) -> Partition {
        let span = match self.cadence {
            Cadence::Hourly => Span::new().try_hours(by),
            Cadence::Daily => Span::new().try_days(by),
            Cadence::Weekly => Span::new().try_weeks(by),
            Cadence::Monthly => Span::new().try_months(by),
        };
        let start = match span {
            Ok(span) => self.start.saturating_add(span),
            Err(_) if by < 0 => DateTime::MIN,
            Err(_) => DateTime::MAX,
        };
        Partition::containing(start, self.cadence)
    }

    /// How many periods there are from `earlier` to this one (0 for the same, negative when `earlier` is later). Both
    /// must have the same cadence; otherwise the result counts periods of `self`'s cadence by date.
    pub fn periods_since(self, earlier: Partition) -> i64 {
        let (a, b) = (earlier.start, self.start);
        match self.cadence {
            Cadence::Monthly => {
                let months = |d: DateTime| i64::from(d.year()) * 12 + i64::from(d.month());
                months(b) - months(a)
            }
            cadence => b.duration_since(a).as_secs() / cadence.nominal_seconds(),
        }
    }

    /// The periods of `cadence` that overlap this one, oldest first: the 24 hours of a day, the month of a day, the
    /// one or two months of a week. The period itself if it has that cadence.
    pub fn overlapping(self, cadence: Cadence) -> impl Iterator<Item = Partition> {
        let end = self.next().start;
        let first = Partition::containing(self.start, cadence);
        let mut next = Some(first);
        std::iter::from_fn(move || {
            let partition = next.take()?;
            // At the end of the calendar, the next period is the same again.
            next = Some(partition.next()).filter(|next| next.start < end && *next > partition);
            Some(partition)
        })
    }

    /// The instant at which the period starts in `zone`. If DST skips that local time, the first instant after the
    /// gap.
    pub fn start_in(self, zone: &TimeZone) -> Timestamp {
        instant(self.start, zone)
    }

    /// The instant at which the period ends in `zone`: the start of the next.
    pub fn end_in(self, zone: &TimeZone) -> Timestamp {
        instant(self.next().start, zone)
    }
}

impl Partition {
    /// How many times its nominal length an hour lasts in `zone`: 2 if the clocks go back by an hour in it, and 1
    /// otherwise. Longer periods always count 1: a day of 25 hours is a day.
    pub fn hours_in(self, zone: &TimeZone) -> f64 {
        let nominal = self.cadence.nominal_seconds();
        let lasts = self.end_in(zone).duration_since(self.start_in(zone)).as_secs();
        if self.cadence == Cadence::Hourly && lasts > nominal { lasts as f64 / nominal as f64 } else { 1.0 }
    }
}

/// The instant of a local time: in a gap, the time is moved forward by the gap's length; in a fold, it is the first
/// pass. (RFC 5545, section 3.3.5, and java.time agree.)
fn instant(at: DateTime, zone: &TimeZone) -> Timestamp {
    let outside = if at.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    zone.to_ambiguous_timestamp(at).compatible().unwrap_or(outside)
}

fn digits(text: &str, width: usize) -> Option<i16> {
    (text.len() == width && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Date::new(digits(year, 4)?, digits(month, 2)? as i8, digits(day, 2)? as i8).ok()
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.start.date();
        let name = match self.cadence {
            Cadence::Hourly => format!("{d}T{:02}", self.start.hour()),
            Cadence::Daily => d.to_string(),
            Cadence::Weekly => {
                let week = d.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Cadence::Monthly => format!("{:04}-{:02}", d.year(), d.month()),
        };
        f.pad(&name)
    }
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Partition {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Partition {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Partition::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a partition like 2026-11-21")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_partition() -> impl Strategy<Value = Partition> {
        let cadence = prop_oneof![
            Just(Cadence::Hourly),
            Just(Cadence::Daily),
            Just(Cadence::Weekly),
            Just(Cadence::Monthly)
        ];
        (1900i16..2200, 1i8..=12, 1i8..=28, 0i8..24, cadence)
            .prop_map(|(y, m, d, h, c)| Partition::containing(Date::constant(y, m, d).at(h, 0, 0, 0), c))
    }

    proptest! {
        #[test]
        fn name_round_trips(p in any_partition()) {
            prop_assert_eq!(Partition::parse(&p.to_string()), Some(p));
        }

        #[test]
        fn next_and_previous_are_inverse_and_ordered(p in any_partition()) {
            prop_assert_eq!(p.next().previous(), p);
            prop_assert!(p < p.next());
            prop_assert_eq!(p.next().periods_since(p), 1);
            prop_assert_eq!(p.offset(-9).periods_since(p), -9);
        }

        #[test]
        fn parse_is_total(text in ".{0,24}") {
            let _ = Partition::parse(&text);
        }
    }

    #[test]
    fn what_shares_time_with_a_period() {
        let check = |name: &str, cadence: Cadence, count: usize, first: &str, last: &str| {
            let all: Vec<String> =
                Partition::parse(name).unwrap().overlapping(cadence).map(|p| p.to_string()).collect();
            let ends = (all.first().map(String::as_str), all.last().map(String::as_str));
            assert_eq!((all.len(), ends), (count, (Some(first), Some(last))), "{name} {cadence:?}");
        };
        check("2026-11-25", Cadence::Hourly, 24, "2026-11-25T00", "2026-11-25T23");
        check("2026-11-25", Cadence::Daily, 1, "2026-11-25", "2026-11-25");
        check("2026-11-25", Cadence::Weekly, 1, "2026-W48", "2026-W48");
        check("2026-11-25", Cadence::Monthly, 1, "2026-11", "2026-11");
        check("2026-11-25T05", Cadence::Daily, 1, "2026-11-25", "2026-11-25");
        check("2026-11", Cadence::Daily, 30, "2026-11-01", "2026-11-30");
        check("2026-11", Cadence::Weekly, 6, "2026-W44", "2026-W49");
        check("2026-W47", Cadence::Daily, 7, "2026-11-16", "2026-11-22");
        check("2026-W49", Cadence::Monthly, 2, "2026-11", "2026-12");
        check("9999-12-31", Cadence::Hourly, 1, "9999-12-31T00", "9999-12-31T00");
    }

    #[test]
    fn weeks_follow_iso_8601() {
        let check = |at: &str, name: &str| {
            let day = parse_date(at).unwrap();
            assert_eq!(Partition::containing(day.at(9, 0, 0, 0), Cadence::Weekly).to_string(), name);
        };
        check("2027-01-03", "2026-W53");
        check("2027-01-04", "2027-W01");
    }

    #[test]
    fn days_at_clock_changes_are_23_and_25_hours_long() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let hours = |name: &str| {
            let p = Partition::parse(name).unwrap();
            p.end_in(&zone).duration_since(p.start_in(&zone)).as_hours()
        };
        assert_eq!(hours("2026-03-29"), 23);
        assert_eq!(hours("2026-10-25"), 25);
        assert_eq!(hours("2026-10-25T01"), 2);
        assert_eq!(hours("2026-11-02"), 24);
    }
}
