//! Which days have a deadline, after days on which nothing came.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::super::*;
use super::day;
use crate::partition::{Cadence, Partition};

/// A Monday.
const FIRST: &str = "2026-01-05";

/// A daily feed of `weeks` weeks. `lag` gives the hours from the end of the day to its landing, for each week and
/// weekday (0 is Monday); `None`: nothing came.
fn feed(weeks: i64, lag: impl Fn(i64, i64) -> Option<f64>) -> Series {
    let mut series = Series::new(Cadence::Daily, TimeZone::UTC);
    for n in 0..7 * weeks {
        let partition = day(FIRST).offset(n);
        match lag(n / 7, n % 7) {
            Some(lag) => {
                let landed_at =
                    partition.end_in(&TimeZone::UTC) + SignedDuration::from_secs_f64(lag * 3_600.0);
                let (landed_at, metrics, lesson) = (Some(landed_at), Default::default(), Lesson::Judged);
                series.judge(&Fact { partition, landed_at, metrics, lesson });
            }
            None => series.absent(partition),
        }
    }
    series
}

/// Of the week after `weeks` weeks: `.` for a day without a deadline, otherwise the whole hours from its end to the
/// deadline.
fn due(series: &Series, weeks: i64) -> String {
    let told = |partition: Partition| match series.due(partition).at {
        Some(at) => at.duration_since(partition.end_in(&TimeZone::UTC)).as_hours().to_string(),
        None => ".".to_owned(),
    };
    (0..7).map(|n| told(day(FIRST).offset(7 * weeks + n))).collect::<Vec<String>>().join(" ")
}

#[test]
fn skips_of_a_weekday_that_rests_are_no_skips() {
    // Saturdays stay away from the third week on, and two single days: too few to make skipping a habit.
    let series = feed(12, |week, weekday| {
        let away = week >= 2 && weekday == 5 || (week, weekday) == (4, 2) || (week, weekday) == (9, 0);
        (!away).then_some(3.0)
    });
    assert_eq!(due(&series, 12), "5 5 5 5 5 . 5");
}

#[test]
fn skips_are_a_habit_where_a_quarter_of_the_landings_followed_one() {
    let check = |weeks: i64, away: fn(i64, i64) -> bool, expect: &str| {
        let series = feed(weeks, |week, weekday| (!away(week, weekday)).then_some(3.0));
        assert_eq!(due(&series, weeks), expect, "{}", series.due(day(FIRST).offset(7 * weeks)).reason);
    };
    // Every fifth day: a sixth of the landings, more, and long ago.
    check(12, |week, weekday| (7 * week + weekday) % 7 == week % 7 && week % 2 == 0, "5 5 5 5 5 5 5");
    check(12, |week, weekday| week > 1 && (7 * week + weekday) % 5 == 0, ". . . . . . .");
    check(14, |week, weekday| (2..7).contains(&week) && (7 * week + weekday) % 5 == 0, "5 5 5 5 5 5 5");
}

#[test]
fn reported_absences_make_a_weekday_rest_from_the_third_in_a_row_on() {
    let check = |away: &[i64], expect: &str| {
        let series = feed(14, |week, weekday| (weekday != 2 || !away.contains(&week)).then_some(3.0));
        assert_eq!(due(&series, 14), expect, "{away:?}");
    };
    check(&[8, 9, 11, 12, 13], "5 5 . 5 5 5 5");
    // Three of the last eight Wednesdays, but never three in a row: three faults.
    check(&[8, 9, 11], "5 5 5 5 5 5 5");
    check(&[8, 11, 13], "5 5 5 5 5 5 5");
}

#[test]
fn a_weekday_has_a_time_of_its_own_where_it_is_later() {
    let check = |saturday: f64, wednesday: f64, expect: &str| {
        let series = feed(8, |week, weekday| {
            let wobble = (week % 3) as f64 / 10.0;
            Some(
                wobble
                    + if weekday == 5 { saturday } else { 3.0 }
                    + if weekday == 2 { wednesday } else { 0.0 },
            )
        });
        assert_eq!(due(&series, 8), expect);
    };
    check(8.0, 0.0, "5 5 5 5 5 10 5");
    check(-3.0, 0.0, "5 5 5 5 5 5 5");
    check(8.0, 0.5, "5 5 5 5 5 10 5");
    check(8.0, 1.5, "5 5 6 5 5 10 5");
}

#[test]
fn a_feed_run_by_hand_is_told_as_such() {
    // Landings between 9 and 16 h, or within half an hour; three weekdays without a landing, apart from each other.
    let check = |hours: f64, away: &[(i64, i64)], expect: &str| {
        let series = feed(10, |week, weekday| {
            let lag = 9.0 + hours * ((week * 7 + weekday) * 5 % 8) as f64 / 7.0;
            (!away.contains(&(week, weekday))).then_some(lag)
        });
        assert_eq!(due(&series, 10), expect);
        series.due(day(FIRST).offset(70)).reason
    };
    let away = [(6, 2), (8, 0), (9, 3)];
    let said = check(7.0, &away, ". . . . . . .");
    insta::assert_snapshot!(said, @"no deadline: probably run by hand (half of the landings are 2 h or more from the usual time; 3 of the last 32 landings followed a skip)");
    check(0.5, &away, "11 11 11 11 11 11 11");
    check(7.0, &away[..1], "18 18 18 18 18 18 18");
}
