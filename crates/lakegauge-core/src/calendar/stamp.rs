//! Dates and times of day as iCalendar writes them (RFC 5545, sections 3.3.4 and 3.3.12).

use jiff::civil::{Date, Time};

pub(super) fn date_of(text: &str) -> Option<Date> {
    let part = |from, to| number(text.get(from..to)?);
    (text.len() == 8).then(|| Date::new(part(0, 4)?, part(4, 6)? as i8, part(6, 8)? as i8).ok())?
}

pub(super) fn time_of(text: &str) -> Option<Time> {
    let part = |from, to| number(text.get(from..to)?).map(|n| n as i8);
    // A leap second counts as the second before it.
    (text.len() == 6).then(|| Time::new(part(0, 2)?, part(2, 4)?, part(4, 6)?.min(59), 0).ok())?
}

fn number(digits: &str) -> Option<i16> {
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
}
