//! How a config names a calendar.

use std::fmt;

use super::days_off::DaysOff;
use super::error::CalendarError;
use super::expectation::{Calendar, MonthEnd};

impl Calendar {
    /// The names of the built-in calendars.
    pub const NAMES: [&str; 4] = ["every-day", "weekdays", "month-ends", "business-month-ends"];

    /// Reads the name of a built-in calendar or, where the text starts with `BEGIN:VCALENDAR`, an iCalendar file.
    /// [`Calendar::from_ics`] also gives the file a name that reasons can mention.
    pub fn parse(name_or_ics_text: &str) -> Result<Calendar, CalendarError> {
        let text = name_or_ics_text.trim_start_matches('\u{feff}').trim_start();
        match text.get(..6) {
            Some(start) if start.eq_ignore_ascii_case("BEGIN:") => Calendar::from_ics("the calendar", text),
            _ => Calendar::named(text.trim_end()),
        }
    }

    /// The built-in calendar of that name: `every-day`, `weekdays`, `month-ends` or `business-month-ends`.
    pub fn named(name: &str) -> Result<Calendar, CalendarError> {
        let every_day = Calendar { named: true, ..Calendar::default() };
        match name {
            "every-day" => Ok(every_day),
            "weekdays" => Ok(Calendar { weekends_off: true, ..every_day }),
            "month-ends" => Ok(Calendar { month_end: Some(MonthEnd::LastDay), ..every_day }),
            "business-month-ends" => {
                Ok(Calendar { weekends_off: true, month_end: Some(MonthEnd::LastWorkingDay), ..every_day })
            }
            _ => Err(unknown(name)),
        }
    }

    /// A calendar that expects every day except those of the events in an iCalendar file (RFC 5545).
    ///
    /// `name` is the file's name, for reasons. Events may be all-day or timed, last several days (`DTEND` is
    /// exclusive), recur by `RRULE` and `RDATE` and have exceptions by `EXDATE`; cancelled ones are skipped. A timed
    /// event takes off every local day that it touches. Recurrences are expanded to the end of 2100.
    pub fn from_ics(name: &str, text: &str) -> Result<Calendar, CalendarError> {
        let days_off = DaysOff::read(name, text)?;
        Ok(Calendar { days_off: vec![days_off], ..Calendar::default() })
    }

    /// Combines two calendars: `[weekdays, uk-bank-holidays.ics]`. A day must be expected by both, and a business
    /// month end is the last day of its month that is off in neither.
    pub fn and(mut self, other: Calendar) -> Calendar {
        self.named |= other.named;
        self.weekends_off |= other.weekends_off;
        self.month_end = self.month_end.max(other.month_end);
        self.days_off.extend(other.days_off);
        self
    }

    /// Whether a calendar in the config is a file and not a built-in name.
    pub fn names_a_file(word: &str) -> bool {
        word.len() > 4 && word.get(word.len() - 4..).is_some_and(|end| end.eq_ignore_ascii_case(".ics"))
    }
}

/// As a config names it: `weekdays, uk-bank-holidays.ics`; `learned` where nobody named any days.
impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = match (self.month_end, self.weekends_off, self.named) {
            (Some(MonthEnd::LastWorkingDay), _, _) => vec!["business-month-ends"],
            (Some(MonthEnd::LastDay), true, _) => vec!["weekdays", "month-ends"],
            (Some(MonthEnd::LastDay), false, _) => vec!["month-ends"],
            (None, true, _) => vec!["weekdays"],
            (None, false, true) => vec!["every-day"],
            (None, false, false) if self.days_off.is_empty() => vec!["learned"],
            (None, false, false) => Vec::new(),
        };
        let files = self.days_off.iter().map(DaysOff::name);
        f.pad(&days.into_iter().chain(files).collect::<Vec<_>>().join(", "))
    }
}

fn unknown(name: &str) -> CalendarError {
    let near = Calendar::NAMES
        .iter()
        .map(|known| (strsim::jaro_winkler(known, name), known))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = match near {
        Some((score, known)) if score > 0.8 => format!("did you mean `{known}`?"),
        _ => format!(
            "use {}, or a file that ends in `.ics`",
            Calendar::NAMES.map(|n| format!("`{n}`")).join(", ")
        ),
    };
    CalendarError { line: None, message: format!("no calendar is called `{name}`"), hint }
}
