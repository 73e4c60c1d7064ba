//! The written form of a due time: `+1d 04:30` or `+1h20m`.

use std::ops::Range;

use jiff::SignedDuration;
use jiff::civil::Time;

use super::deadline::Due;

/// Maximum distance of a due time from its partition, in days.
const FURTHEST_DAYS: i64 = 366;

/// Text that is not a due time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {hint}")]
pub struct DueError {
    /// The byte range of the text that is wrong.
    pub at: Range<usize>,
    /// The problem.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

const FORMS: &str = "write a day and a local time like `+1d 04:30`, or an elapsed time like `+1h20m`";

fn error(at: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> DueError {
    DueError { at, message: message.into(), hint: hint.into() }
}

impl Due {
    /// Parses `+1d 04:30`, `+1h20m`, `+90m` or `+26h`.
    ///
    /// # Errors
    /// Names the wrong bytes and what to write instead.
    pub fn parse(text: &str) -> Result<Due, DueError> {
        parse(text)
    }
}

fn parse(text: &str) -> Result<Due, DueError> {
    let start = text.len() - text.trim_start().len();
    let end = text.trim_end().len().max(start);
    let body = text.get(start..end).unwrap_or_default();
    if body.is_empty() {
        return Err(error(start..end, "the due time is empty", FORMS));
    }
    let (negative, unsigned) = match (body.strip_prefix('+'), body.strip_prefix('-')) {
        (Some(rest), _) => (false, rest),
        (_, Some(rest)) => (true, rest),
        _ => return Err(without_sign(body, start..end)),
    };
    let at = start + 1;
    let number = unsigned.len() - unsigned.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (digits, rest) = unsigned.split_at(number);
    match rest.strip_prefix('d') {
        Some(time) => calendar(negative, digits, time, at, end),
        None if negative => {
            Err(error(start..end, "an elapsed time cannot be negative", "write it with `+`, like `+1h20m`"))
        }
        None => elapsed(unsigned, at),
    }
}

/// `04:30` and the like: everything but the sign may be right.
fn without_sign(body: &str, at: Range<usize>) -> DueError {
    if time_of_day(body).is_some() {
        return error(
            at,
            "a local time needs a day",
            format!("write `+1d {body}` for the day after the partition's"),
        );
    }
    if parse(&format!("+{body}")).is_ok() {
        return error(at, "a due time starts with `+`", format!("write `+{body}`"));
    }
    error(at, format!("`{body}` is not a due time"), FORMS)
}

fn calendar(negative: bool, digits: &str, time: &str, at: usize, end: usize) -> Result<Due, DueError> {
    let number = at..at + digits.len();
    if digits.is_empty() {
        return Err(error(number.start..end, "the number of days is missing", FORMS));
    }
    let days = match digits.parse::<i64>() {
        Ok(days) if days <= FURTHEST_DAYS => days as i32,
        _ => {
            return Err(error(number, format!("{digits} days is too many"), "the maximum is 366 days"));
        }
    };
    let word = time.trim_start();
    let place = end - word.len()..end;
    if word.is_empty() {
        let hint = format!(
            "write `+{days}d 00:00` for a local time, or `+{}h` for an elapsed time",
            i64::from(days) * 24
        );
        return Err(error(place, "the local time is missing", hint));
    }
    if !time.starts_with(char::is_whitespace) && time_of_day(word).is_some() {
        return Err(error(
            place,
            "a space is missing before the local time",
            format!("write `+{days}d {word}`"),
        ));
    }
    if !time.starts_with(char::is_whitespace) {
        return Err(error(
            place,
            "days cannot be mixed with elapsed time, because a day may have 23 or 25 hours",
            format!(
                "write a local time like `+{days}d 04:30`, or only hours like `+{}h`",
                i64::from(days) * 24 + 2
            ),
        ));
    }
    match time_of_day(word) {
        Some(time) => Ok(Due::Calendar { days: if negative { -days } else { days }, time }),
        None if word.starts_with("24:") => {
            Err(error(place, "there is no 24:00", format!("write `+{}d 00:00`", days + 1)))
        }
        None => Err(error(
            place,
            format!("`{word}` is not a time of day"),
            "write hours and minutes like `04:30`",
        )),
    }
}

/// `4:30`, `04:30` or `04:30:15`.
fn time_of_day(text: &str) -> Option<Time> {
    let mut parts = text.split(':');
    let mut number = |least: usize| {
        let part = parts.next()?;
        let fits = part.len() >= least && part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse::<i8>().ok())?
    };
    let (hour, minute) = (number(1)?, number(2)?);
    let second = if text.matches(':').count() == 2 { number(2)? } else { 0 };
    if parts.next().is_some() {
        return None;
    }
    Time::new(hour, minute, second, 0).ok()
}

fn elapsed(text: &str, start: usize) -> Result<Due, DueError> {
    let mut seconds: i64 = 0;
    let mut rest = text;
    let mut finest = i64::MAX;
    while !rest.is_empty() {
        let at = start + text.len() - rest.len();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = rest.split_at(digits);
        let letters = tail.len() - tail.trim_start_matches(|c: char| c.is_alphabetic()).len();
        let (unit, next) = tail.split_at(letters);
        let place = at..at + digits + letters;
        if number.is_empty() {
            let place = at..start + text.len();
            return Err(error(place, format!("`{rest}` does not start with a number"), FORMS));
        }
        let scale = scale(number, unit).map_err(|(message, hint)| error(place.clone(), message, hint))?;
        if scale >= finest {
            return Err(error(
                place,
                "units must go from large to small, each once",
                "write it like `+1h20m`",
            ));
        }
        finest = scale;
        let amount = number.parse::<i64>().ok().and_then(|n| n.checked_mul(scale));
        seconds = match amount.and_then(|amount| seconds.checked_add(amount)) {
            Some(total) if total <= FURTHEST_DAYS * 86_400 => total,
            _ => {
                return Err(error(place, format!("{number}{unit} is too long"), "the maximum is 8784h"));
            }
        };
        rest = next.trim_start();
    }
    if finest == i64::MAX {
        return Err(error(start..start, "the due time is empty after its sign", FORMS));
    }
    Ok(Due::Elapsed { after: SignedDuration::from_secs(seconds) })
}

/// The seconds of one unit; the error is a message and a hint.
fn scale(number: &str, unit: &str) -> Result<i64, (String, String)> {
    match unit {
        "h" => Ok(3_600),
        "m" | "min" => Ok(60),
        "s" => Ok(1),
        "" => Err((format!("`{number}` has no unit"), "add `h`, `m` or `s`, like `+90m`".to_owned())),
        "d" | "w" => Err((
            format!("`{unit}` is not a unit of elapsed time"),
            format!("put days first and a local time after them, like `+{number}d 04:30`"),
        )),
        _ => Err((format!("`{unit}` is not a unit of time"), "the units are `h`, `m` and `s`".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn written_forms() {
        let check = |text: &str, expect: &str| {
            assert_eq!(Due::parse(text).map(|d| d.to_string()), Ok(expect.to_owned()), "{text}");
        };
        check("+1d 04:30", "+1d 04:30");
        check("  +1d   4:30 ", "+1d 04:30");
        check("+0d 23:59:30", "+0d 23:59:30");
        check("-1d 18:00", "-1d 18:00");
        check("-0d 18:00", "+0d 18:00");
        check("+1h20m", "+1h20m");
        check("+1h 20min", "+1h20m");
        check("+90m", "+1h30m");
        check("+26h", "+26h");
        check("+45s", "+45s");
        check("+0m", "+0m");
    }

    #[test]
    fn errors_say_where_and_what_to_write() {
        let texts = [
            "",
            "  ",
            "+",
            "04:30",
            "1d 04:30",
            "1h20m",
            "tomorrow",
            "+1d",
            "+1d04:30",
            "+1d2h",
            "+d 04:30",
            "+1d 24:00",
            "+1d 25:00",
            "+1d 4:5",
            "+1d 04:30am",
            "+1d 04:30:15:1",
            "+400d 04:30",
            "-2h",
            "+90",
            "+1h20",
            "+20m1h",
            "+1h1h",
            "+2h1d",
            "+1w",
            "+1y",
            "+99999h",
            "+99999999999999999999h",
            "+1.5h",
            "+ 1h",
            "+1h,20m",
            "+1h €",
        ];
        let lines: Vec<String> = texts
            .iter()
            .map(|text| {
                let e = Due::parse(text).unwrap_err();
                let width = text.get(e.at.clone()).expect("on char boundaries").chars().count().max(1);
                let pad = text.get(..e.at.start).unwrap().chars().count();
                format!("{text}|\n{}{}\n  {e}", " ".repeat(pad), "^".repeat(width))
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    proptest! {
        #[test]
        fn parse_is_total(text in "[-+ 0-9dhms:é.]{0,16}") {
            if let Err(e) = Due::parse(&text) {
                prop_assert!(text.get(e.at.clone()).is_some(), "{:?}", e.at);
            }
        }
    }
}
