//! Tests calendars against real dates, the RFC's examples and each other.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::*;
use crate::due::Due;
use crate::partition::{Cadence, Partition};

const UK: &str = include_str!("fixtures/uk-bank-holidays.ics");

fn p(name: &str) -> Partition {
    Partition::parse(name).unwrap()
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn london() -> TimeZone {
    zone("Europe/London")
}

fn uk() -> Calendar {
    Calendar::from_ics("uk-bank-holidays.ics", UK).unwrap()
}

fn weekdays() -> Calendar {
    Calendar::parse("weekdays").unwrap()
}

/// The built-in calendar of that name; `+ics` adds the bank holidays.
fn calendar(text: &str) -> Calendar {
    match text.split_once('+') {
        Some(("", _)) => uk(),
        Some((name, _)) => Calendar::parse(name).unwrap().and(uk()),
        None => Calendar::parse(text).unwrap(),
    }
}

#[test]
fn expectations_have_reasons() {
    let lines: Vec<String> = [
        ("every-day", "2026-11-21"),
        ("weekdays", "2026-11-20"),
        ("weekdays", "2026-11-21"),
        ("weekdays", "2026-11-22T05"),
        ("weekdays", "2026-W47"),
        ("weekdays", "2026-11"),
        ("+ics", "2026-12-25"),
        ("+ics", "2026-12-26"),
        ("weekdays+ics", "2026-12-26"),
        ("weekdays+ics", "2026-12-28"),
        ("weekdays+ics", "2026-12-29"),
        ("weekdays+ics", "2026-W52"),
        ("month-ends", "2026-02-28"),
        ("month-ends", "2026-02-27"),
        ("month-ends", "2026-02"),
        ("month-ends", "2026-W47"),
        ("business-month-ends", "2026-01-30"),
        ("business-month-ends", "2026-01-31"),
        ("business-month-ends", "2026-01-29"),
        // The last weekday of August 2026 and of May 2027 is a bank holiday.
        ("business-month-ends", "2026-08-31"),
        ("business-month-ends+ics", "2026-08-31"),
        ("business-month-ends+ics", "2026-08-28"),
        ("business-month-ends+ics", "2027-05-28"),
        ("month-ends+ics", "2027-05-31"),
        ("every-day", "2026-03-29T01"),
        ("every-day", "2026-03-29T02"),
        ("every-day", "2026-10-25T01"),
    ]
    .into_iter()
    .map(|(name, partition)| {
        let got = calendar(name).expected(p(partition), &london());
        let word = if got.expected { "expected" } else { "not expected" };
        format!("{name:<24} {partition:<13} {word:<12} {}", got.reason)
    })
    .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_day_that_a_zone_skips_is_not_expected() {
    let apia = zone("Pacific/Apia");
    let got = Calendar::default().expected(p("2011-12-30"), &apia);
    assert_eq!((got.expected, got.reason.as_str()), (false, "the clocks of Pacific/Apia skip 2011-12-30"));
    // Half of this hour exists.
    assert!(Calendar::default().expected(p("2026-10-04T02"), &zone("Australia/Lord_Howe")).expected);
}

#[test]
fn the_newest_due_partition() {
    let check = |name: &str, cadence, due: &str, now: &str, expect: Option<&str>| {
        let due = Due::parse(due).unwrap();
        let got = calendar(name).newest_due(now.parse().unwrap(), cadence, due, &london());
        assert_eq!(got, expect.map(p), "{name} {due} at {now}");
    };
    use Cadence::*;
    check("every-day", Daily, "+1d 04:30", "2026-11-22T04:30:00Z", Some("2026-11-20"));
    check("every-day", Daily, "+1d 04:30", "2026-11-22T04:30:00.001Z", Some("2026-11-21"));
    check("weekdays", Daily, "+1d 04:30", "2026-11-22T20:00:00Z", Some("2026-11-20"));
    check("weekdays+ics", Daily, "+1d 04:30", "2026-12-29T04:00:00Z", Some("2026-12-24"));
    check("weekdays", Daily, "+3d 04:30", "2026-11-22T20:00:00Z", Some("2026-11-19"));
    check("every-day", Daily, "-1d 18:00", "2026-11-22T18:00:00Z", Some("2026-11-22"));
    check("every-day", Daily, "-1d 18:00", "2026-11-22T18:00:01Z", Some("2026-11-23"));
    check("every-day", Hourly, "+1h20m", "2026-11-22T05:20:00Z", Some("2026-11-22T03"));
    check("every-day", Hourly, "+1h20m", "2026-11-22T05:20:01Z", Some("2026-11-22T04"));
    check("every-day", Hourly, "+1d 04:30", "2026-11-22T05:20:00Z", Some("2026-11-21T23"));
    check("every-day", Weekly, "+1d 06:00", "2026-11-23T06:00:01Z", Some("2026-W47"));
    check("every-day", Monthly, "+3d 06:00", "2026-11-03T06:00:00Z", Some("2026-09"));
    check("every-day", Monthly, "+3d 06:00", "2026-11-03T06:00:01Z", Some("2026-10"));
    check("business-month-ends+ics", Daily, "+1d 06:00", "2026-09-15T06:00:01Z", Some("2026-08-28"));
    check("every-day", Daily, "+1d 06:00", "-009999-01-02T01:59:59Z", None);
}

#[test]
fn neighbours_that_are_expected() {
    let weekdays = weekdays().and(uk());
    assert_eq!(weekdays.previous_expected(p("2026-12-29"), &london()), Some(p("2026-12-24")));
    assert_eq!(weekdays.next_expected(p("2026-12-24"), &london()), Some(p("2026-12-29")));
    let all = weekdays.expected_partitions(p("2026-12-22"), p("2026-12-30"), &london());
    assert_eq!(all, ["2026-12-22", "2026-12-23", "2026-12-24", "2026-12-29", "2026-12-30"].map(p));
    assert_eq!(weekdays.expected_partitions(p("2026-12-30"), p("2026-12-22"), &london()), []);
    assert_eq!(weekdays.expected_partitions(p("2026-12"), p("2026-12-22"), &london()), []);
    // The last hour of Friday, and the first of Monday.
    assert_eq!(weekdays.previous_expected(p("2026-11-23T00"), &london()), Some(p("2026-11-20T23")));
    let never = Calendar::parse(&ics("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY")).unwrap();
    assert_eq!(never.previous_expected(p("2026-11-23"), &london()), None);
    assert_eq!(never.next_expected(p("2026-11-23"), &london()), None);
    assert_eq!(Calendar::default().next_expected(p("9999-12-31"), &london()), None);
}

#[test]
fn bank_holidays_match_the_published_dates() {
    let uk = uk();
    let year = |y: i16| {
        let days = uk.expected_days_off(y);
        days.iter().map(|d| d.strftime("%-d %b").to_string()).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(year(2025), "1 Jan, 18 Apr, 21 Apr, 5 May, 26 May, 25 Aug, 25 Dec, 26 Dec");
    assert_eq!(year(2026), "1 Jan, 3 Apr, 6 Apr, 4 May, 25 May, 31 Aug, 25 Dec, 28 Dec");
    assert_eq!(year(2027), "1 Jan, 26 Mar, 29 Mar, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec");
}

impl Calendar {
    fn expected_days_off(&self, year: i16) -> Vec<Date> {
        self.off_in(date(year, 1, 1), date(year, 12, 31), &TimeZone::UTC)
    }

    fn off_in(&self, from: Date, to: Date, zone: &TimeZone) -> Vec<Date> {
        from.series(1.day())
            .take_while(|d| *d <= to)
            .filter(|d| {
                !self.expected(Partition::containing(d.at(0, 0, 0, 0), Cadence::Daily), zone).expected
            })
            .collect()
    }
}

/// A file with one event that has these properties.
fn ics(properties: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nSUMMARY:Off\n{properties}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
}

/// The days off of one event within two years, as `MM-DD` with the year where it changes.
fn check_event(properties: &str, zone: &str, from: i16, expect: &str) {
    let calendar = Calendar::parse(&ics(properties)).unwrap();
    let days = calendar.off_in(date(from, 1, 1), date(from + 1, 12, 31), &self::zone(zone));
    let mut year = from;
    let text: Vec<String> = days
        .iter()
        .map(|d| {
            let text = if d.year() == year { d.strftime("%m-%d") } else { d.strftime("%Y-%m-%d") };
            year = d.year();
            text.to_string()
        })
        .collect();
    assert_eq!(text.join(" "), expect, "{properties} in {zone}");
}

#[test]
fn events_take_days_off() {
    let check = |properties: &str, expect: &str| check_event(properties, "UTC", 2026, expect);
    check("DTSTART;VALUE=DATE:20260805", "08-05");
    check("DTSTART;VALUE=DATE:20260805\nDTEND;VALUE=DATE:20260806", "08-05");
    check("DTSTART;VALUE=DATE:20260805\nDTEND;VALUE=DATE:20260808", "08-05 08-06 08-07");
    check("DTSTART;VALUE=DATE:20260805\nDTEND;VALUE=DATE:20260805", "08-05");
    check("DTSTART;VALUE=DATE:20260805\nDURATION:P2D", "08-05 08-06");
    check("DTSTART;VALUE=DATE:20260805\nDURATION:P1W", "08-05 08-06 08-07 08-08 08-09 08-10 08-11");
    check("DTSTART:20260805T090000\nDTEND:20260805T170000", "08-05");
    check("DTSTART:20260805T220000\nDURATION:PT4H", "08-05 08-06");
    check("DTSTART:20260805T000000\nDTEND:20260807T000000", "08-05 08-06");
    check("DTSTART:20260805T090000", "08-05");
    check("DTSTART;VALUE=DATE:20260805\nSTATUS:CANCELLED", "");
    check("DTSTART;VALUE=DATE:20260805\nRDATE;VALUE=DATE:20260901,20260902", "08-05 09-01 09-02");
    check("DTSTART;\n VALUE=DATE:2026\n\t0805", "08-05");
    check("DTSTART;X-NOTE=\"a;b:c\";VALUE=DATE:20260805", "08-05");
}

#[test]
fn timed_events_fall_on_the_local_day() {
    let evening = "DTSTART:20260805T220000Z\nDTEND:20260805T223000Z";
    check_event(evening, "UTC", 2026, "08-05");
    check_event(evening, "Asia/Tokyo", 2026, "08-06");
    check_event(evening, "Europe/London", 2026, "08-05");
    let midnight = "DTSTART;TZID=Europe/London:20260805T000000\nDTEND;TZID=Europe/London:20260806T000000";
    check_event(midnight, "Europe/London", 2026, "08-05");
    check_event(midnight, "UTC", 2026, "08-04 08-05");
    let moment = "DTSTART:20260805T230000Z";
    check_event(moment, "Europe/London", 2026, "08-06");
    // A day of 25 hours is one day, also when it recurs.
    let yearly = "DTSTART;TZID=Europe/London:20261025T000000\nDTEND;TZID=Europe/London:20261026T000000\nRRULE:FREQ=YEARLY";
    check_event(yearly, "Europe/London", 2026, "10-25 2027-10-25");
}

#[test]
fn recurrences_follow_rfc_5545() {
    let check = |rule: &str, expect: &str| {
        check_event(&format!("DTSTART;VALUE=DATE:20260105\nRRULE:{rule}"), "UTC", 2026, expect);
    };
    check("FREQ=YEARLY", "01-05 2027-01-05");
    check("FREQ=YEARLY;COUNT=1", "01-05");
    check("FREQ=YEARLY;UNTIL=20261231", "01-05");
    check("FREQ=YEARLY;UNTIL=20270105T000000Z", "01-05 2027-01-05");
    check("FREQ=YEARLY;INTERVAL=2", "01-05");
    check("FREQ=DAILY;INTERVAL=10;COUNT=3", "01-05 01-15 01-25");
    check("FREQ=DAILY;BYMONTH=1;BYDAY=TU;UNTIL=20261231", "01-05 01-06 01-13 01-20 01-27");
    check("FREQ=DAILY;BYMONTHDAY=-1;COUNT=3", "01-05 01-31 02-28");
    check("FREQ=WEEKLY;COUNT=3", "01-05 01-12 01-19");
    check("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=4", "01-05 01-07 01-19 01-21");
    check("FREQ=MONTHLY;COUNT=3", "01-05 02-05 03-05");
    check("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=4", "01-05 01-31 02-28 03-31");
    check("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4", "01-05 01-31 03-31 05-31");
    check("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", "01-05 02-02 03-02");
    check("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3", "01-05 01-30 02-27");
    check("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=4", "01-05 02-13 03-13 11-13");
    check("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4", "01-05 01-30 02-27 03-31");
    check("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;COUNT=4", "01-05 01-30 02-02 02-27");
    check("FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=20271231", "01-05 05-25 2027-05-31");
    check("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20271231", "01-05 11-26 2027-11-25");
    check("FREQ=YEARLY;BYDAY=20MO;UNTIL=20271231", "01-05 05-18 2027-05-17");
    check("FREQ=YEARLY;BYDAY=-1MO;UNTIL=20271231", "01-05 12-28 2027-12-27");
    check("FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR;COUNT=4", "01-05 02-13 03-13 11-13");
    check("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25,26;COUNT=4", "01-05 12-25 12-26 2027-12-25");
    check("freq=weekly;count=2", "01-05 01-12");
    check_event("DTSTART;VALUE=DATE:20240229\nRRULE:FREQ=YEARLY", "UTC", 2027, "2028-02-29");
    check_event("DTSTART;VALUE=DATE:20260131\nRRULE:FREQ=MONTHLY;COUNT=3", "UTC", 2026, "01-31 03-31 05-31");
    // RFC 5545, section 3.3.10: WKST decides which weeks every second week are.
    let wkst = |day: &str| {
        format!("DTSTART;VALUE=DATE:19970805\nRRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST={day}")
    };
    check_event(&wkst("MO"), "UTC", 1997, "08-05 08-10 08-19 08-24");
    check_event(&wkst("SU"), "UTC", 1997, "08-05 08-17 08-19 08-31");
    check_event(
        "DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;VALUE=DATE:20260112,20260119",
        "UTC",
        2026,
        "01-05 01-26",
    );
    check_event(
        "DTSTART:20260105T090000Z\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20260112T100000",
        "UTC",
        2026,
        "01-05 01-19",
    );
}

#[test]
fn an_event_with_a_recurrence_id_stands_for_its_instance() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n\
                BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;VALUE=DATE:20260112\nDTSTART;VALUE=DATE:20260114\nEND:VEVENT\nEND:VCALENDAR";
    let days = Calendar::parse(text).unwrap().expected_days_off(2026);
    assert_eq!(days, [date(2026, 1, 5), date(2026, 1, 14), date(2026, 1, 19)]);
}

#[test]
fn errors_name_the_line_and_what_to_do() {
    let event = |properties: &str| ics(properties);
    let texts = [
        "weekday".to_owned(),
        "business-month-end".to_owned(),
        "holidays".to_owned(),
        String::new(),
        "BEGIN:VEVENT\nEND:VEVENT".to_owned(),
        "BEGIN:VCALENDAR\nVERSION:2.0".to_owned(),
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR".to_owned(),
        "BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR".to_owned(),
        event("nonsense"),
        event("DESCRIPTION:no start"),
        event("DTSTART;VALUE=DATE:20260231"),
        event("DTSTART:2026-02-01"),
        event("DTSTART;TZID=GMT Standard Time:20260201T090000"),
        event("DTSTART:20260201T250000"),
        event("DTSTART;VALUE=DATE:20260203\nDTEND;VALUE=DATE:20260201"),
        event("DTSTART;VALUE=DATE:20260203\nDTEND;VALUE=DATE:20560201"),
        event("DTSTART;VALUE=DATE:20260203\nDURATION:a week"),
        event("DTSTART;VALUE=DATE:20260203\nRRULE:FREQ=HOURLY"),
        event("DTSTART;VALUE=DATE:20260203\nRRULE:COUNT=3"),
        event("DTSTART;VALUE=DATE:20260203\nRRULE:FREQ=YEARLY;BYDAY=8XX"),
        event("DTSTART;VALUE=DATE:20260203\nRRULE:FREQ=YEARLY;BYWEEKNO=20"),
        event("DTSTART;VALUE=DATE:20260203\nEXDATE:tomorrow"),
    ];
    let mut lines: Vec<String> =
        texts.iter().map(|text| Calendar::parse(text).unwrap_err().to_string()).collect();
    for text in ["<!DOCTYPE html>\n<html>", "", "\u{feff}{}"] {
        lines.push(Calendar::from_ics("x.ics", text).unwrap_err().to_string());
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn files_are_told_from_names() {
    let check = |word, expect| assert_eq!(Calendar::names_a_file(word), expect, "{word}");
    check("uk-bank-holidays.ics", true);
    check("calendars/UK.ICS", true);
    check("weekdays", false);
    check(".ics", false);
    check("é.ics", true);
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let name = prop::sample::select(vec!["every-day", "weekdays", "month-ends", "business-month-ends"]);
    (name, any::<bool>()).prop_map(|(name, with_uk)| {
        let calendar = Calendar::parse(name).unwrap();
        if with_uk { calendar.and(uk()) } else { calendar }
    })
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    let names: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    prop::sample::select(names).prop_map(|name| TimeZone::get(&name).unwrap())
}

fn any_due() -> impl Strategy<Value = Due> {
    prop::sample::select(vec!["+1d 04:30", "+0d 23:30", "-1d 02:15", "+5d 00:00", "+1h20m", "+26h"])
        .prop_map(|text| Due::parse(text).unwrap())
}

fn any_cadence() -> impl Strategy<Value = Cadence> {
    prop::sample::select(vec![Cadence::Hourly, Cadence::Daily, Cadence::Weekly, Cadence::Monthly])
}

proptest! {
    #[test]
    fn newest_due_is_monotone_and_the_newest(
        calendar in any_calendar(), cadence in any_cadence(), due in any_due(), zone in any_zone(),
        at in 1_700_000_000i64..1_900_000_000, later in 0i64..3_000_000,
    ) {
        let now = Timestamp::from_second(at).unwrap();
        let then = Timestamp::from_second(at + later).unwrap();
        let first = calendar.newest_due(now, cadence, due, &zone);
        prop_assert!(first <= calendar.newest_due(then, cadence, due, &zone));
        let newest = first.expect("no calendar here pauses for two years");
        prop_assert!(calendar.expected(newest, &zone).expected);
        prop_assert!(due.deadline(newest, &zone) < now);
        let next = calendar.next_expected(newest, &zone).unwrap();
        prop_assert!(due.deadline(next, &zone) >= now);
        prop_assert_eq!(calendar.previous_expected(next, &zone), Some(newest));
    }

    #[test]
    fn every_day_is_expected_or_has_a_reason(
        calendar in any_calendar(), day in 0i32..1_200, zone in any_zone(), cadence in any_cadence(),
    ) {
        let day = date(2024, 12, 1).checked_add(day.days()).unwrap();
        let partition = Partition::containing(day.at(12, 0, 0, 0), cadence);
        let got = calendar.expected(partition, &zone);
        prop_assert!(!got.reason.is_empty());
        let all = calendar.expected_partitions(partition, partition, &zone);
        prop_assert_eq!(got.expected, all == [partition]);
    }

    #[test]
    fn a_month_has_one_month_end(months in 0i32..30, with_uk in any::<bool>()) {
        let first = date(2025, 1, 1).checked_add(months.months()).unwrap();
        for name in ["month-ends", "business-month-ends"] {
            let calendar = Calendar::parse(name).unwrap();
            let calendar = if with_uk && name != "month-ends" { calendar.and(uk()) } else { calendar };
            let day = |d: Date| Partition::containing(d.at(0, 0, 0, 0), Cadence::Daily);
            let found = calendar.expected_partitions(day(first), day(first.last_of_month()), &TimeZone::UTC);
            prop_assert_eq!(found.len(), 1);
        }
    }

    #[test]
    fn reading_is_total(lines in proptest::collection::vec(
        "(BEGIN|END|DTSTART|DTEND|RRULE|EXDATE|UID)(;TZID=[A-Z/]{0,5})?:(VCALENDAR|VEVENT|2026[0-9]{4}|[A-Z0-9=;,-]{0,20})", 0..12,
    )) {
        let _ = Calendar::from_ics("x.ics", &lines.join("\n"));
        let _ = Calendar::from_ics("x.ics", &ics(&lines.join("\n")));
    }

    #[test]
    fn rules_are_total_and_start_at_the_start(
        rule in "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;INTERVAL=[1-9]{1,2})?(;BYMONTH=[1-9])?(;BYDAY=(MO|-1FR|5TU))?(;BYMONTHDAY=(31|-1|7))?(;BYSETPOS=(1|-1))?(;COUNT=[1-9])?",
    ) {
        let calendar = Calendar::parse(&ics(&format!("DTSTART;VALUE=DATE:20260105\nRRULE:{rule}"))).unwrap();
        let days = calendar.expected_days_off(2026);
        prop_assert_eq!(days.first(), Some(&date(2026, 1, 5)));
    }
}
