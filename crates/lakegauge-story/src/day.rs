//! Short notation for days and instants.

use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

/// Parses an instant such as `2026-10-26T02:05Z`, also with an offset; a date alone is its midnight in UTC.
pub fn at(text: &str) -> Timestamp {
    match text.len() {
        10 => Day::new(text).at(0, 0),
        _ => text.parse().unwrap(),
    }
}

/// One calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Day {
    /// Parses a day such as `2026-10-26`.
    pub fn new(text: &str) -> Day {
        Day(text.parse().unwrap())
    }

    /// The instant this many hours and minutes after its midnight in UTC; 26 hours are two o'clock on the next day.
    pub fn at(self, hours: i64, minutes: i64) -> Timestamp {
        self.at_in(&TimeZone::UTC, hours, minutes)
    }

    /// The instant this many hours and minutes after its midnight in `zone`, in elapsed time.
    pub fn at_in(self, zone: &TimeZone, hours: i64, minutes: i64) -> Timestamp {
        let midnight = zone.to_timestamp(self.0.at(0, 0, 0, 0)).unwrap();
        midnight + SignedDuration::from_mins(60 * hours + minutes)
    }

    /// The day `by` days later.
    pub fn plus(self, by: i64) -> Day {
        Day(self.0.checked_add(by.days()).unwrap())
    }

    /// The number of days since `earlier`.
    pub fn since(self, earlier: Day) -> i64 {
        i64::from(self.0.since(earlier.0).unwrap().get_days())
    }

    /// Its day of the week.
    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// The day in a strftime format: `2026/10/26` for `%Y/%m/%d`.
    pub fn form(self, form: &str) -> String {
        self.0.strftime(form).to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Every day from `from` until before `until`.
pub fn days(from: &str, until: &str) -> impl Iterator<Item = Day> + Clone + use<> {
    let (from, until) = (Day::new(from), Day::new(until));
    std::iter::successors(Some(from), |day| Some(day.plus(1))).take_while(move |day| *day < until)
}
