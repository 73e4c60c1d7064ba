//! Scalars: texts, numbers, sizes, durations, shares, zones.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::mapping::nearest;
use super::problem::Problem;
use super::tree::{Node, Value};
use crate::metric::Unit;

/// The text of a scalar; a problem otherwise.
pub(super) fn text<'a>(node: &'a Node, what: &str, problems: &mut Vec<Problem>) -> Option<&'a str> {
    match &node.value {
        Value::Text(text) if !node.is_nothing() => Some(text),
        _ => {
            let message = format!("{what} is a text, this is {}", node.kind());
            problems.push(Problem::error(node.span.clone(), message));
            None
        }
    }
}

/// A whole number in `1..=most`.
pub(super) fn whole(node: &Node, what: &str, most: u32, problems: &mut Vec<Problem>) -> Option<u32> {
    let typed = text(node, what, problems)?;
    let number = typed.parse::<u32>().ok().filter(|n| (1..=most).contains(n));
    if number.is_none() {
        let message = format!("{what} is a whole number from 1 to {most}, not `{typed}`");
        problems.push(Problem::error(node.span.clone(), message));
    }
    number
}

/// A quantity in the unit of a metric: `195000`, `128MiB`, `1.5 GB`, `90m`.
pub(super) fn quantity(node: &Node, unit: Unit, problems: &mut Vec<Problem>) -> Option<f64> {
    let typed = text(node, "a limit", problems)?;
    let parsed = match unit {
        Unit::Bytes => bytes(typed).ok_or("a size such as 195000, 195kB, 128MiB or 1.5GB"),
        Unit::Seconds => seconds(typed).ok_or("a duration such as 90m, 4h30m or 2d"),
        Unit::Count | Unit::None => number(typed).ok_or("a number"),
    };
    match parsed {
        Ok(value) => Some(value),
        Err(expected) => {
            let message = format!("`{typed}` is not {expected}");
            problems.push(Problem::error(node.span.clone(), message).hint(format!("write {expected}")));
            None
        }
    }
}

/// A number, with `_` or `,` as thousands separators.
pub(super) fn number(typed: &str) -> Option<f64> {
    let plain: String = typed.chars().filter(|c| *c != '_' && *c != ',').collect();
    plain.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// Decimal (SI) and binary (IEC 80000-13) sizes.
pub(super) fn bytes(typed: &str) -> Option<f64> {
    let split = typed.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(typed.len());
    let (amount, unit) = typed.split_at_checked(split)?;
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "p" | "pb" => 1e15,
        "kib" => 1024.0,
        "mib" => 1_048_576.0,
        "gib" => 1_073_741_824.0,
        "tib" => 1_099_511_627_776.0,
        "pib" => 1_125_899_906_842_624.0,
        _ => return None,
    };
    Some(number(amount.trim())? * factor)
}

/// A duration in seconds: `90m`, `1h30m`, `2d`, `45s`. A bare number has no unit and is refused.
pub(super) fn seconds(typed: &str) -> Option<f64> {
    let negative = typed.strip_prefix('-');
    let span: jiff::Span = negative.unwrap_or(typed).trim().parse().ok()?;
    let length: SignedDuration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?;
    let seconds = length.as_secs_f64();
    Some(if negative.is_some() { -seconds } else { seconds })
}

/// An IANA zone.
pub(super) fn zone(node: &Node, problems: &mut Vec<Problem>) -> Option<TimeZone> {
    let typed = text(node, "a timezone", problems)?;
    if typed.eq_ignore_ascii_case("utc") {
        return Some(TimeZone::UTC);
    }
    let database = jiff::tz::TimeZoneDatabase::bundled();
    match database.get(typed) {
        Ok(zone) => Some(zone),
        Err(_) => {
            let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
            let known: Vec<&str> = names.iter().map(String::as_str).collect();
            let city = known
                .iter()
                .find(|name| name.rsplit('/').next().is_some_and(|c| c.eq_ignore_ascii_case(typed)));
            let hint = match nearest(typed, &known).or(city.copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write a name of the IANA time zone database such as Europe/London or UTC".to_owned(),
            };
            problems
                .push(Problem::error(node.span.clone(), format!("unknown timezone `{typed}`")).hint(hint));
            None
        }
    }
}
