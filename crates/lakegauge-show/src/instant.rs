//! Times for people: in the dataset's time zone, with only as much of the date as needed.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `04:12 GMT` on the day of `now`, `Sun 04:12 GMT` within six days of it, `2026-11-02 04:12 GMT` beyond.
pub(super) fn near(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let days = (now.date() - at.date()).get_days();
    let form = match days {
        0 => "%H:%M %Z",
        -6..=6 => "%a %H:%M %Z",
        _ => "%Y-%m-%d %H:%M %Z",
    };
    at.strftime(form).to_string()
}

/// `Sun 2026-11-22 04:12 GMT`.
pub(super) fn full(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M %Z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_said_when_they_are_needed() {
        let now: Timestamp = "2026-11-22T05:00:00Z".parse().unwrap();
        let check = |at: &str, zone: &str, expect: &str| {
            let zone = TimeZone::get(zone).unwrap();
            assert_eq!(near(at.parse().unwrap(), now, &zone), expect, "{at}");
        };
        check("2026-11-22T04:12:59Z", "Europe/London", "04:12 GMT");
        check("2026-11-22T06:12:59Z", "Europe/London", "06:12 GMT");
        check("2026-11-22T04:12:59Z", "America/New_York", "Sat 23:12 EST");
        check("2026-11-21T23:12:00Z", "Europe/London", "Sat 23:12 GMT");
        check("2026-11-23T01:00:00Z", "Europe/London", "Mon 01:00 GMT");
        check("2026-11-15T04:12:00Z", "Europe/London", "2026-11-15 04:12 GMT");
        check("2026-10-20T04:12:00Z", "Europe/London", "2026-10-20 05:12 BST");
        check("2026-10-20T04:12:00Z", "Asia/Kathmandu", "2026-10-20 09:57 +0545");
    }
}
