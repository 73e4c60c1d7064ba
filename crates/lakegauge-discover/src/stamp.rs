//! A date written as one text: `20261122`, `2026-11-22T05`, `2026-W47`, `22-11-2026`.

use super::numbers::{Numbers, Padding, YEARS};

/// A level that names part of a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// The level as a template, all numbers padded.
    pub(super) template: String,
    pub(super) numbers: Numbers,
    pub(super) padding: Padding,
    /// Six bare digits may be a month, or just a number.
    pub(super) weak: bool,
    /// The template without a number that may be an hour, or only a part number.
    pub(super) loose: Option<String>,
}

/// Reads a date at the start of `text` and returns the rest. `lone`: a single number after the day is its hour.
pub(super) fn date(text: &str, lone: bool) -> Option<(Reading, &str)> {
    match text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len() {
        2 => reversed(text),
        4 => separated(text, lone),
        run => compact(text, run, lone),
    }
}

/// `22-11-2026`: the day first, or the month where the second number is too large for one.
fn reversed(text: &str) -> Option<(Reading, &str)> {
    let separator = text.chars().nth(2).filter(|c| "-_.".contains(*c))?;
    let (second, rest) = split_digits(text.get(3..)?);
    let (year, after) = split_digits(rest.strip_prefix(separator)?);
    let (first, second): (i8, i8) = (text.get(..2)?.parse().ok()?, second.parse().ok()?);
    let year = year.parse().ok().filter(|n| year.len() == 4 && YEARS.contains(n));
    let (day, month, codes) =
        if second > 12 { (second, first, ["m", "d"]) } else { (first, second, ["d", "m"]) };
    let numbers = Numbers { year, month: Some(month), day: Some(day), ..Numbers::default() };
    let [one, two] = codes;
    let template = format!("{{date:%{one}{separator}%{two}{separator}%Y}}");
    numbers.year.and(numbers.partition())?;
    Some((Reading { template, numbers, padding: Padding::default(), weak: false, loose: None }, after))
}

fn number(text: &str, at: std::ops::Range<usize>) -> Option<i16> {
    text.get(at)?.parse().ok()
}

/// `20261122`, `2026112205`, `202611220500`, `202611`.
fn compact(text: &str, run: usize, lone: bool) -> Option<(Reading, &str)> {
    let small = |at| number(text, at).and_then(|n| i8::try_from(n).ok());
    let mut numbers = Numbers {
        year: number(text, 0..4).filter(|year| YEARS.contains(year)),
        month: small(4..6),
        ..Numbers::default()
    };
    if run >= 8 {
        numbers.day = small(6..8);
    }
    let rest = text.get(run..)?;
    let make = |numbers: Numbers, template: &str, rest| {
        let weak = numbers.day.is_none();
        numbers.year?;
        numbers.partition()?;
        let reading = Reading {
            template: template.to_owned(),
            numbers,
            padding: Padding::default(),
            weak,
            loose: None,
        };
        Some((reading, rest))
    };
    match run {
        6 if numbers.year.is_some_and(|year| (1970..2100).contains(&year)) => {
            make(numbers, "{date:%Y%m}", rest)
        }
        8 => {
            let (reading, rest) = make(numbers, "{date:%Y%m%d}", rest)?;
            Some(with_hour(reading, rest, lone))
        }
        10 | 12 | 14 => {
            numbers.hour = small(8..10);
            let minutes = text.get(10..run)?;
            if minutes.bytes().all(|b| b == b'0') {
                return make(numbers, &format!("{{date:%Y%m%d%H{minutes}}}"), rest);
            }
            numbers.hour = None;
            make(numbers, "{date:%Y%m%d}{*}", rest)
        }
        _ => None,
    }
}

/// `2026-11-22`, `2026_11_22`, `2026-11`, `2026-W47`, with an hour or without.
fn separated(text: &str, lone: bool) -> Option<(Reading, &str)> {
    let year = number(text, 0..4).filter(|year| YEARS.contains(year));
    let (mut numbers, mut padding) = (Numbers { year, ..Numbers::default() }, Padding::default());
    numbers.year?;
    let rest = text.get(4..)?;
    let lead = rest.len() - rest.trim_start_matches('-').len();
    if let Some(week) = rest.get(lead..).filter(|_| lead < 2).and_then(|rest| rest.strip_prefix(['W', 'w'])) {
        let (digits, after) = split_digits(week);
        numbers.week = digits.parse().ok().filter(|_| digits.len() == 2);
        numbers.week.and(numbers.partition())?;
        let mark = rest.get(..=lead)?;
        let template = format!("{{date:%G{mark}%V}}");
        return Some((Reading { template, numbers, padding, weak: false, loose: None }, after));
    }
    let separator = rest.chars().next().filter(|c| "-_.".contains(*c))?;
    let (month, rest) = split_digits(rest.get(1..)?);
    numbers.month = month.parse().ok().filter(|_| month.len() <= 2);
    if numbers.month.is_some_and(|n| n > 12) && separator == '-' && !rest.starts_with('-') {
        // Too large for a month: the week of a year, as in `2026-47`.
        numbers.week = numbers.month.take();
        numbers.partition()?;
        let template = "{date:%G-%V}".to_owned();
        return Some((Reading { template, numbers, padding, weak: false, loose: None }, rest));
    }
    numbers.month.and(numbers.partition())?;
    padding.note(Padding::MONTH, month);
    let day = rest.strip_prefix(separator).map(split_digits).filter(|(day, _)| (1..=2).contains(&day.len()));
    if let Some((digits, rest)) = day {
        let with_day = Numbers { day: digits.parse().ok(), ..numbers };
        if with_day.partition().is_some() {
            padding.note(Padding::DAY, digits);
            let template = match separator {
                '-' => "{date}".to_owned(),
                other => format!("{{date:%Y{other}%m{other}%d}}"),
            };
            let reading = Reading { template, numbers: with_day, padding, weak: false, loose: None };
            return Some(with_hour(reading, rest, lone));
        }
    }
    let template = format!("{{date:%Y{separator}%m}}");
    Some((Reading { template, numbers, padding, weak: false, loose: None }, rest))
}

/// Splits off the digits at the start.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len())
}

/// Adds the hour after a day, if there is one: `T05`, ` 05:00:00`, `%2005%3A00`; `-05` and `_5` if a `lone` number
/// may be an hour.
fn with_hour(reading: Reading, rest: &str, lone: bool) -> (Reading, &str) {
    let separators = ["T", "t", " ", "%20", "+", "_", "-"];
    let Some(separator) = separators.iter().find(|separator| rest.starts_with(**separator)) else {
        return (reading, rest);
    };
    let (digits, after) = split_digits(rest.get(separator.len()..).unwrap_or_default());
    let (text, glued) = digits.split_at(digits.len().min(2));
    let hour = text.parse().ok().filter(|n| (0..24).contains(n));
    let numbers = Numbers { hour, ..reading.numbers };
    let full = text.len() == 2 && !["_", "-", "+"].contains(separator);
    let zeros = digits.len() <= 6 && glued.bytes().all(|b| b == b'0');
    let (true, true, Some((written, after))) = (hour.is_some() && zeros, full || lone, minutes(after)) else {
        return (reading, rest);
    };
    let template = format!("{}{separator}{{hour}}{glued}{written}", reading.template);
    let mut padding = reading.padding;
    padding.note(Padding::HOUR, text);
    (Reading { template, numbers, padding, ..reading }, after)
}

/// Minutes and seconds of zero, as written; `None` if they are not zero.
fn minutes(text: &str) -> Option<(&str, &str)> {
    let mut end = 0;
    while let Some(rest) = text.get(end..) {
        let colon = [":", "%3A", "%3a", "-", "_", "."].iter().find(|colon| rest.starts_with(**colon));
        let Some(digits) = colon.and_then(|colon| rest.get(colon.len()..)) else { break };
        let (digits, _) = split_digits(digits);
        if digits.len() < 2 {
            break;
        }
        if !digits.bytes().all(|b| b == b'0') {
            return None;
        }
        end += colon.map_or(0, |colon| colon.len()) + digits.len();
    }
    let rest = text.get(end..)?;
    end += usize::from(rest.starts_with('Z'));
    Some((text.get(..end)?, text.get(end..)?))
}
