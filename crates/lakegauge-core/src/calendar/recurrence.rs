//! Recurrence rules over dates (RFC 5545, section 3.3.10).
//!
//! Supports frequencies from daily to yearly with INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS and
//! WKST. Parts that divide a day have no meaning for days off, and BYYEARDAY and BYWEEKNO do not occur in holiday
//! calendars: they are errors.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::error::CalendarError;
use super::icalendar::Property;
use super::stamp::date_of;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Frequency {
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// An `RRULE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recurrence {
    frequency: Frequency,
    interval: i32,
    count: Option<usize>,
    until: Option<Date>,
    months: Vec<i8>,
    month_days: Vec<i8>,
    /// Weekdays with their ordinal; 0 means every one.
    weekdays: Vec<(i8, Weekday)>,
    positions: Vec<i32>,
    week_start: Weekday,
}

impl Recurrence {
    pub(super) fn read(property: &Property) -> Result<Recurrence, CalendarError> {
        let mut rule = Recurrence {
            frequency: Frequency::Yearly,
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        };
        let mut has_frequency = false;
        for part in property.value.trim().split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let name = name.trim().to_ascii_uppercase();
            has_frequency |= name == "FREQ";
            rule.set(&name, value.trim())
                .map_err(|hint| property.error(format!("`{part}` of this RRULE cannot be used"), hint))?;
        }
        if !has_frequency {
            return Err(property.error("this RRULE has no FREQ", "add one like `FREQ=YEARLY`"));
        }
        Ok(rule)
    }

    /// Sets one part; the error is a hint.
    fn set(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        match name {
            "FREQ" => {
                self.frequency = match value.to_ascii_uppercase().as_str() {
                    "DAILY" => Frequency::Daily,
                    "WEEKLY" => Frequency::Weekly,
                    "MONTHLY" => Frequency::Monthly,
                    "YEARLY" => Frequency::Yearly,
                    _ => return Err("use DAILY, WEEKLY, MONTHLY or YEARLY"),
                }
            }
            "INTERVAL" => {
                self.interval =
                    value.parse().ok().filter(|n| (1..=10_000).contains(n)).ok_or("write 1 to 10000")?;
            }
            "COUNT" => {
                self.count = Some(value.parse().ok().filter(|n| *n > 0).ok_or("write a number above 0")?)
            }
            "UNTIL" => {
                let date = value.split('T').next().unwrap_or(value);
                self.until = Some(date_of(date).ok_or("write it like `UNTIL=20301231`")?);
            }
            "BYMONTH" => {
                self.months = list(value, |text| in_range(text, 1, 12)).ok_or("write months from 1 to 12")?
            }
            "BYMONTHDAY" => {
                let day = |text: &str| in_range(text, -31, 31).filter(|n| *n != 0);
                self.month_days = list(value, day).ok_or("write days from 1 to 31, or -1 for the last")?;
            }
            "BYDAY" => self.weekdays = list(value, weekday).ok_or("write days like `MO` or `-1FR`")?,
            "BYSETPOS" => {
                let position = |text: &str| text.parse().ok().filter(|n: &i32| *n != 0 && n.abs() <= 366);
                self.positions = list(value, position).ok_or("write positions like 1 or -1")?;
            }
            "WKST" => {
                self.week_start = weekday(value).filter(|(n, _)| *n == 0).ok_or("write a day like `MO`")?.1
            }
            _ => {
                return Err(
                    "lakegauge supports FREQ, INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS and WKST",
                );
            }
        }
        Ok(())
    }

    /// The dates of all instances from `start`, which is the first, to `horizon`.
    pub(super) fn dates(&self, start: Date, horizon: Date) -> Vec<Date> {
        let until = self.until.map_or(horizon, |until| until.min(horizon));
        let count = self.count.unwrap_or(usize::MAX);
        let mut dates = vec![start];
        for round in 0.. {
            let Some(period) = self.period(start, round) else { break };
            if period > until || dates.len() >= count {
                break;
            }
            let mut candidates = self.candidates(period, start);
            candidates.sort_unstable();
            candidates.dedup();
            dates.extend(self.picked(&candidates).into_iter().filter(|date| *date > start && *date <= until));
        }
        dates.truncate(count);
        dates
    }

    /// The first day of the period number `round`; `None` past the end of the calendar.
    fn period(&self, start: Date, round: i32) -> Option<Date> {
        let by = round.checked_mul(self.interval)?;
        let (first, span) = match self.frequency {
            Frequency::Daily => (start, Span::new().try_days(by)),
            Frequency::Weekly => {
                let back = start.weekday().since(self.week_start);
                (start.checked_sub(i64::from(back).days()).ok()?, Span::new().try_weeks(by))
            }
            Frequency::Monthly => (start.first_of_month(), Span::new().try_months(by)),
            Frequency::Yearly => (start.first_of_year(), Span::new().try_years(by)),
        };
        first.checked_add(span.ok()?).ok()
    }

    fn candidates(&self, period: Date, start: Date) -> Vec<Date> {
        let in_months = |date: &Date| self.months.is_empty() || self.months.contains(&date.month());
        match self.frequency {
            Frequency::Daily => Some(period)
                .into_iter()
                .filter(in_months)
                .filter(|date| self.month_days.is_empty() || self.is_month_day(*date))
                .filter(|date| {
                    self.weekdays.is_empty() || self.weekdays.iter().any(|(_, d)| *d == date.weekday())
                })
                .collect(),
            Frequency::Weekly => period
                .series(1.day())
                .take(7)
                .filter(in_months)
                .filter(|date| match self.weekdays.as_slice() {
                    [] => date.weekday() == start.weekday(),
                    days => days.iter().any(|(_, day)| *day == date.weekday()),
                })
                .collect(),
            Frequency::Monthly => {
                if in_months(&period) {
                    self.in_month(period, start)
                } else {
                    Vec::new()
                }
            }
            Frequency::Yearly => self.in_year(period, start),
        }
    }

    fn in_year(&self, year: Date, start: Date) -> Vec<Date> {
        let month = |number: i8| Date::new(year.year(), number, 1).ok();
        if !self.months.is_empty() {
            return self
                .months
                .iter()
                .filter_map(|m| month(*m))
                .flat_map(|m| self.in_month(m, start))
                .collect();
        }
        if !self.month_days.is_empty() {
            return (1..=12).filter_map(month).flat_map(|m| self.in_month(m, start)).collect();
        }
        if !self.weekdays.is_empty() {
            return self.on_weekdays(year, year.last_of_year());
        }
        month(start.month()).map(|m| self.in_month(m, start)).unwrap_or_default()
    }

    /// The days of one month that the rule names; if it names none, the day of the month of `start`, if the month has
    /// it.
    fn in_month(&self, month: Date, start: Date) -> Vec<Date> {
        let (first, last) = (month.first_of_month(), month.last_of_month());
        let days = || first.series(1.day()).take_while(move |day| *day <= last);
        match (self.month_days.is_empty(), self.weekdays.is_empty()) {
            (true, true) => days().filter(|day| day.day() == start.day()).collect(),
            (false, true) => days().filter(|day| self.is_month_day(*day)).collect(),
            (true, false) => self.on_weekdays(first, last),
            (false, false) => {
                self.on_weekdays(first, last).into_iter().filter(|day| self.is_month_day(*day)).collect()
            }
        }
    }

    /// The days of BYDAY between `first` and `last`; its ordinals count within that range.
    fn on_weekdays(&self, first: Date, last: Date) -> Vec<Date> {
        let mut found = Vec::new();
        for (ordinal, weekday) in &self.weekdays {
            let all: Vec<Date> = first
                .series(1.day())
                .take_while(|day| *day <= last)
                .filter(|day| day.weekday() == *weekday)
                .collect();
            let index = match *ordinal {
                0 => None,
                n if n > 0 => Some(usize::from(n.unsigned_abs()) - 1),
                n => Some(all.len().wrapping_sub(usize::from(n.unsigned_abs()))),
            };
            match index {
                None => found.extend(all),
                Some(index) => found.extend(all.get(index)),
            }
        }
        found
    }

    fn is_month_day(&self, date: Date) -> bool {
        let from_end = date.day() - date.days_in_month() - 1;
        self.month_days.iter().any(|day| *day == date.day() || *day == from_end)
    }

    fn picked(&self, sorted: &[Date]) -> Vec<Date> {
        if self.positions.is_empty() {
            return sorted.to_vec();
        }
        let at = |position: &i32| match *position {
            n if n > 0 => sorted.get(n as usize - 1),
            n => sorted.len().checked_sub(n.unsigned_abs() as usize).and_then(|i| sorted.get(i)),
        };
        let mut picked: Vec<Date> = self.positions.iter().filter_map(at).copied().collect();
        picked.sort_unstable();
        picked.dedup();
        picked
    }
}

fn list<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.split(',').map(|text| read(text.trim())).collect()
}

fn in_range(text: &str, low: i8, high: i8) -> Option<i8> {
    text.parse().ok().filter(|n| (low..=high).contains(n))
}

/// `MO`, `1MO` or `-1FR`.
fn weekday(text: &str) -> Option<(i8, Weekday)> {
    let split = text.len().checked_sub(2)?;
    let (ordinal, day) = (text.get(..split)?, text.get(split..)?);
    let day = match day.to_ascii_uppercase().as_str() {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    match ordinal {
        "" => Some((0, day)),
        n => in_range(n, -53, 53).filter(|n| *n != 0).map(|n| (n, day)),
    }
}
