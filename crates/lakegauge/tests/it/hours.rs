//! Hourly feeds that rest at night and on weekends: with the config that `init` writes they raise no alarm, and a lost
//! hour does.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::harness::Desk;

/// A Monday, in the past, so that a check at another time sees the lake as it was then.
const MONDAY: Date = date(2024, 3, 4);

/// The landing time of the hour `start`: a few minutes after its end.
fn landing(start: DateTime) -> Timestamp {
    let minutes = 6 + i64::from(start.hour()) % 3;
    let end = start.to_zoned(TimeZone::UTC).unwrap().timestamp() + SignedDuration::from_hours(1);
    end + SignedDuration::from_mins(minutes)
}

/// Writes every hour for which `comes` is true and that has landed by `now`, from `weeks` before the Monday on.
fn lay(desk: &Desk, weeks: i64, now: Timestamp, comes: impl Fn(DateTime) -> bool) {
    let first = MONDAY.checked_sub(weeks.weeks()).unwrap().at(0, 0, 0, 0);
    let hours = first.series(1.hour()).take_while(|start| landing(*start) <= now);
    for start in hours.filter(|start| comes(*start)) {
        let size = 1_000_000 + u64::from(start.date().day_of_year() as u16 * 37 % 101) * 1_000;
        desk.lay(&format!("feed/{}/part-0", start.strftime("%Y-%m-%d/%H")), size, landing(start));
    }
}

fn is_weekday(start: DateTime) -> bool {
    start.date().weekday().to_monday_zero_offset() < 5
}

fn is_office(start: DateTime) -> bool {
    is_weekday(start) && (9..17).contains(&start.hour())
}

/// The hours that `backtest` finds missing in the last 30 days.
fn missed(desk: &Desk, now: Timestamp) -> BTreeSet<String> {
    let now = now.to_string();
    let run = desk.run(&["backtest", "--days", "30", "--format", "json", "--now", &now]).ends(0).json();
    let mut fired = BTreeSet::new();
    for alarm in run["datasets"][0]["configs"][0]["alarms"].as_array().unwrap() {
        let firings = alarm["firings"].as_array().unwrap();
        fired.extend(firings.iter().map(|firing| firing["partition"].as_str().unwrap().to_owned()));
    }
    fired
}

/// A feed of nine weeks with the config that `init` writes, checked on the Monday at half past `hour`, when the newest
/// hour has come.
fn watched(hour: i8, comes: impl Fn(DateTime) -> bool) -> (Desk, Timestamp) {
    let now = MONDAY.at(hour, 30, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let desk = Desk::new();
    lay(&desk, 9, now, comes);
    desk.run(&["init", "lake", "--now", &now.to_string()]).ends(0);
    (desk, now)
}

/// Checks which hours are in alarm in `backtest` with the config that `init` writes, that the first check on Monday is
/// healthy, and that it is not if the hour before is lost.
fn check(hour: i8, comes: impl Fn(DateTime) -> bool, expect: &[&str]) {
    let (desk, now) = watched(hour, comes);
    let written = std::fs::read_to_string(desk.path("lakegauge.yaml")).unwrap();
    let missed = missed(&desk, now);
    let expect: BTreeSet<String> = expect.iter().map(ToString::to_string).collect();
    assert_eq!(missed, expect, "{written}");
    desk.run(&["check", "--now", &now.to_string()]).ends(0);
    let newest = MONDAY.at(hour - 1, 0, 0, 0).strftime("feed/%Y-%m-%d/%H/part-0").to_string();
    std::fs::remove_file(desk.path("lake").join(newest)).unwrap();
    let lost = desk.run(&["check", "--now", &now.to_string()]);
    assert_eq!(lost.code, Some(1), "{written}{lost}");
}

#[test]
fn office_hours_are_quiet_at_night_and_on_weekends() {
    check(12, is_office, &[]);
    check(10, is_office, &[]);
}

#[test]
fn whole_days_and_every_second_hour_are_quiet_too() {
    check(5, is_weekday, &[]);
    check(12, |start| start.hour() % 2 == 1, &[]);
}

#[test]
fn nights_alone_and_half_saturdays_are_quiet_too() {
    check(3, |start| !(5..20).contains(&start.hour()), &[]);
    check(3, |start| is_weekday(start) && !(5..20).contains(&start.hour()), &[]);
    let half_saturdays = |start: DateTime| {
        is_office(start) || start.date().weekday().to_monday_zero_offset() == 5 && start.hour() < 12
    };
    check(12, half_saturdays, &[]);
}

#[test]
fn a_holiday_is_told_once_and_the_next_week_is_expected_again() {
    let holiday = date(2024, 2, 20);
    let hours: Vec<String> = (9..17).map(|hour| format!("2024-02-20T{hour:02}")).collect();
    let hours: Vec<&str> = hours.iter().map(String::as_str).collect();
    check(12, |start| is_office(start) && start.date() != holiday, &hours);
}

#[test]
fn hours_that_change_for_good_are_missed_three_times() {
    let comes = |start: DateTime| match start.date() < date(2024, 2, 12) {
        true => is_office(start),
        false => is_weekday(start) && (6..14).contains(&start.hour()),
    };
    let missed: Vec<String> =
        (12..15).flat_map(|day| (14..17).map(move |hour| format!("2024-02-{day}T{hour}"))).collect();
    let missed: Vec<&str> = missed.iter().map(String::as_str).collect();
    check(12, comes, &missed);
}

#[test]
fn hours_that_never_came_rest_beside_a_due_time_and_a_calendar() {
    let (desk, now) = watched(12, is_office);
    let check = |keys: &str, expect: i32| {
        let keys = keys.replace(';', "\n    ");
        desk.config(&format!(
            "lake: lake\ndatasets:\n  feed:\n    path: feed/{{date}}/{{hour}}/\n    {keys}\n"
        ));
        let run = desk.run(&["check", "--last", "40", "--now", &now.to_string()]);
        assert_eq!(run.code, Some(expect), "{keys}\n{run}");
    };
    check("due: +1h15m;calendar: weekdays", 0);
    check("due: +1h15m", 0);
    check("calendar: weekdays", 0);
    check("due: +1h15m;calendar: every-day", 1);
}

#[test]
fn init_tells_the_hours() {
    let (desk, now) = watched(12, is_office);
    let init = desk.run(&["init", "lake", "-o", "-", "--now", &now.to_string()]);
    insta::assert_snapshot!("hours_init", init.ends(0));
}
