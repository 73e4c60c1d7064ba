//! Scalars: texts, numbers, sizes, durations, shares, zones.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use lakegauge_core::metric::Unit;

use super::problem::Problem;
use super::suggestion;
use super::tree::{Node, Value};

/// The text of a scalar; otherwise adds a problem. A text is never blank.
pub(super) fn text<'a>(node: &'a Node, what: &str, problems: &mut Vec<Problem>) -> Option<&'a str> {
    let hint = match &node.value {
        Value::Text(text) if !text.trim().is_empty() => return Some(text),
        Value::Map(_) => "write one value; a text that starts with `{` needs quotes",
        Value::List(_) => "write one value; a text that starts with `[` needs quotes",
        Value::Text(_) | Value::Nothing => "write a value, or remove the key",
    };
    let is = if matches!(node.value, Value::Text(_)) { "blank" } else { node.kind() };
    let message = format!("{what} is a text, this is {is}");
    problems.push(Problem::error(node.span.clone(), message).hint(hint));
    None
}

/// A whole number in `1..=most`.
pub(super) fn whole(node: &Node, what: &str, most: u32, problems: &mut Vec<Problem>) -> Option<u32> {
    let typed = text(node, what, problems)?;
    let number = typed.parse::<u32>().ok().filter(|n| (1..=most).contains(n));
    if number.is_none() {
        let message = format!("{what} cannot be `{typed}`");
        let hint = format!("write a whole number from 1 to {most}");
        problems.push(Problem::error(node.span.clone(), message).hint(hint));
    }
    number
}

/// A quantity in the unit of a metric: `195000`, `128MiB`, `1.5 GB`, `90m`.
pub(super) fn quantity(node: &Node, unit: Unit, problems: &mut Vec<Problem>) -> Option<f64> {
    let typed = text(node, "a limit", problems)?;
    let (parsed, kind, form) = match unit {
        Unit::Bytes => (bytes(typed), "size", "195000, 195kB, 128MiB or 1.5GB"),
        Unit::Seconds => (seconds(typed), "duration", "90s, 15m, 4h30m or 2d"),
        Unit::Count | Unit::None => (number(typed), "number", "12 or 1000000"),
    };
    if parsed.is_none() {
        let hint = match typed.ends_with('%') {
            true => format!("percentages work with `within` only; write a {kind} such as {form}"),
            false => format!("write a {kind} such as {form}"),
        };
        problems.push(Problem::error(node.span.clone(), format!("`{typed}` is not a {kind}")).hint(hint));
    }
    parsed
}

/// A number, with `_` or `,` between groups of three digits. A decimal comma is rejected, not read as something else.
pub(super) fn number(typed: &str) -> Option<f64> {
    let whole = typed.split('.').next().unwrap_or_default();
    let mut groups = whole.split(['_', ',']).skip(1).peekable();
    let grouped = groups.peek().is_some();
    let threes = groups.all(|g| g.len() == 3 && g.bytes().all(|b| b.is_ascii_digit()));
    if !threes || typed.get(whole.len()..)?.contains(['_', ',']) {
        return None;
    }
    let plain = if grouped { typed.replace(['_', ','], "") } else { typed.to_owned() };
    plain.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// Decimal (SI) and binary (IEC 80000-13) sizes.
pub(super) fn bytes(typed: &str) -> Option<f64> {
    if let Some(plain) = number(typed) {
        return Some(plain);
    }
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
    Some(number(amount.trim())? * factor).filter(|bytes| bytes.is_finite())
}

/// A duration in seconds: `90m`, `1h30m`, `2d`, `45s`. A bare number has no unit and is rejected, except 0.
pub(super) fn seconds(typed: &str) -> Option<f64> {
    if typed == "0" {
        return Some(0.0);
    }
    let negative = typed.strip_prefix('-');
    let span: jiff::Span = negative.unwrap_or(typed).trim().parse().ok()?;
    let length: SignedDuration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?;
    let seconds = length.as_secs_f64();
    Some(if negative.is_some() { -seconds } else { seconds })
}

/// A duration of at least one day: `400d`.
pub(super) fn days(node: &Node, what: &str, problems: &mut Vec<Problem>) -> Option<SignedDuration> {
    let typed = text(node, what, problems)?;
    let long = seconds(typed)
        .map(SignedDuration::from_secs_f64)
        .filter(|long| *long >= SignedDuration::from_hours(24));
    if long.is_none() {
        let problem =
            Problem::error(node.span.clone(), format!("`{typed}` is not a duration of a day or more"));
        problems.push(problem.hint("write a number of days such as `400d`"));
    }
    long
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
            let hint = suggestion::zone(typed, &known);
            problems
                .push(Problem::error(node.span.clone(), format!("unknown timezone `{typed}`")).hint(hint));
            None
        }
    }
}

/// An http or https URL.
pub(super) fn http_url(node: &Node, what: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let typed = text(node, what, problems)?;
    let rest = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://"));
    let wrong = |message: String, hint: &str| Problem::error(node.span.clone(), message).hint(hint);
    let problem = match rest {
        _ if has_login(typed) => {
            wrong(format!("{what} must not contain a password"), "remove the part before the `@`")
        }
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace) => {
            return Some(typed.to_owned());
        }
        _ => wrong(
            format!("{what} is an http or https URL, not `{typed}`"),
            "write an address such as https://wiki.example/kpi-sales",
        ),
    };
    problems.push(problem);
    None
}

/// Whether a URL contains `user:password@`. A password may contain a `/`.
pub(super) fn has_login(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let login = rest.rsplit_once('@').and_then(|(login, _)| login.split_once(':'));
    login.is_some_and(|(user, password)| {
        let port = password.split('/').next().unwrap_or_default();
        !user.contains('/')
            && (port.is_empty() || password == port || !port.bytes().all(|b| b.is_ascii_digit()))
    })
}
