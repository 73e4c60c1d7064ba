//! The clock. It is read here, once per run, and nowhere else.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How far `--now` may be before the clock, or before the history's newest entry, and still count as now: clocks of
/// two machines differ by seconds, and a script reads the time before it runs the command.
pub(crate) const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// The variable that replaces the clock if a run is to be recorded as of another time, for the tests' stories.
const CLOCK: &str = "LAKEGAUGE_CLOCK";

/// The current time.
#[expect(clippy::disallowed_methods, reason = "the program reads the clock only here")]
pub(crate) fn now() -> Timestamp {
    let set = std::env::var(CLOCK).ok().and_then(|text| parse_instant(&text).ok());
    set.unwrap_or_else(Timestamp::now)
}

/// Parses a time: RFC 3339 (`2026-11-22T05:00:00Z`), or a date or a date and time, which are in UTC.
pub(crate) fn parse_instant(text: &str) -> Result<Timestamp, String> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let civil = text.parse::<DateTime>().ok().or_else(|| Some(text.parse::<Date>().ok()?.at(0, 0, 0, 0)));
    civil
        .and_then(|at| at.to_zoned(TimeZone::UTC).ok())
        .map(|at| at.timestamp())
        .ok_or_else(|| "expected a time like 2026-11-22T05:00:00Z or a date like 2026-11-22".to_owned())
}

/// Parses a duration: `90s`, `30m`, `2h`, `1h30m`, `7d`.
pub(crate) fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "expected a duration like 90s, 30m, 2h or 7d".to_owned();
    let span: jiff::Span = text.parse().map_err(|_| wrong())?;
    let relative = jiff::SpanRelativeTo::days_are_24_hours();
    let length = span.to_duration(relative).map_err(|_| wrong())?;
    if length.is_negative() { Err(wrong()) } else { Ok(length) }
}

/// Parses the start of a window: a time ([`parse_instant`]) or how long ago ([`parse_duration`]).
pub(crate) fn parse_since(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    parse_instant(text).or_else(|_| {
        let ago = parse_duration(text)
            .map_err(|_| "expected a date like 2026-11-01, a time, or a duration like 30d".to_owned())?;
        now.checked_sub(ago).map_err(|_| "that is too long ago".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_lengths() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(parse_instant(text).ok().map(|t| t.to_string()).as_deref(), expect, "{text}");
        };
        check("2026-11-22T05:00:00Z", Some("2026-11-22T05:00:00Z"));
        check("2026-11-22T05:00:00+01:00", Some("2026-11-22T04:00:00Z"));
        check("2026-11-22", Some("2026-11-22T00:00:00Z"));
        check("2026-11-22T05:00", Some("2026-11-22T05:00:00Z"));
        check("yesterday", None);
        assert_eq!(parse_duration("1h30m").map(|d| d.as_secs()), Ok(5_400));
        assert!(parse_duration("soon").is_err());
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(parse_since("1d", now).map(|t| t.as_second()), Ok(-86_400));
    }
}
