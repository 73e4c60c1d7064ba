//! Counts of objects: written twice, written by another number of tasks, one of forty missing.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::super::*;
use super::feed::{first, noise};
use crate::metric::Metric;
use crate::partition::{Cadence, Partition};

/// A feed of objects of about a megabyte each; `usual` gives their number for each day.
fn counted(days: i64, usual: impl Fn(i64) -> f64) -> Series {
    let mut series = Series::new(Cadence::Daily, TimeZone::UTC);
    for n in 0..days {
        series.judge(&fact(n, usual(n), usual(n)));
    }
    series
}

fn day(n: i64) -> Partition {
    first(Cadence::Daily).offset(n)
}

/// `objects` that together have the bytes of `sizes` usual ones.
fn fact(n: i64, objects: f64, sizes: f64) -> Fact {
    let bytes = (1e6 * sizes * (0.03 * noise(7, n)).exp()).round();
    let metrics = BTreeMap::from([(Metric::TotalFileSize, bytes), (Metric::ObjectCount, objects)]);
    Fact { partition: day(n), landed_at: None, metrics, lesson: Lesson::Judged }
}

/// The verdict on the day after `days` of `usual` objects.
fn said(days: i64, usual: f64, objects: f64, sizes: f64) -> (Level, Metric, String) {
    let verdict = counted(days, |_| usual).judge(&fact(days, objects, sizes));
    (verdict.level, verdict.metric, verdict.reason())
}

#[test]
fn written_twice_keeps_the_size_of_an_object() {
    let check = |usual: f64, objects: f64, sizes: f64, expect: (Level, Metric)| {
        for days in [7, 28, 300] {
            let (level, metric, reason) = said(days, usual, objects, sizes);
            assert_eq!((level, metric), expect, "after {days} days: {reason}");
        }
    };
    check(9.0, 9.0, 9.0, (Level::Ok, Metric::TotalFileSize));
    // Every object twice.
    check(9.0, 18.0, 18.0, (Level::Alarm, Metric::ObjectCount));
    check(1.0, 3.0, 3.0, (Level::Alarm, Metric::ObjectCount));
    // Twice as many tasks wrote it.
    check(1.0, 2.0, 1.0, (Level::Notice, Metric::ObjectCount));
    check(4.0, 8.0, 4.0, (Level::Notice, Metric::ObjectCount));
    check(4.0, 2.0, 4.0, (Level::Notice, Metric::ObjectCount));
    // Half of it is lost.
    check(4.0, 2.0, 2.0, (Level::Alarm, Metric::TotalFileSize));
}

#[test]
fn a_number_that_was_always_the_same_is_expected_to_be() {
    let (level, metric, reason) = said(200, 40.0, 39.0, 39.0);
    assert_eq!((level, metric), (Level::Notice, Metric::ObjectCount));
    let expect = "39 objects landed (−2.5 %); 40 expected (always 40 in the last 200 days): TotalFileSize is as expected";
    assert_eq!(reason, expect);
    // Too few days to call the number constant.
    assert_eq!(said(25, 40.0, 39.0, 39.0).0, Level::Ok);
    // One other number, and it takes two hundred days until it counts as constant again.
    let expect = |days: i64, odd: i64| {
        let series = counted(days, |n| if n == odd { 39.0 } else { 40.0 });
        let band = series.expect(day(days), Metric::ObjectCount).unwrap();
        (band.low, band.high) == (Some(40.0), Some(40.0))
    };
    assert!(expect(60, 400));
    assert!(!expect(60, 20));
    assert!(!expect(200, 40));
    assert!(expect(241, 40));
}

/// A metric without sizes is judged by its number alone.
#[test]
fn a_number_alone_is_an_alarm() {
    let alone = |n: i64, objects: f64| Fact {
        metrics: BTreeMap::from([(Metric::ObjectCount, objects)]),
        ..fact(n, objects, objects)
    };
    let mut series = Series::new(Cadence::Daily, TimeZone::UTC);
    for n in 0..60 {
        series.judge(&alone(n, 12.0));
    }
    let check = |objects: f64, expect: Level| {
        let verdict = series.clone().judge(&alone(60, objects));
        assert_eq!(verdict.level, expect, "{}", verdict.reason());
    };
    check(12.0, Level::Ok);
    check(11.0, Level::Alarm);
    check(24.0, Level::Alarm);
}

#[test]
fn another_number_of_tasks_is_soon_usual() {
    let mut series = counted(60, |_| 4.0);
    let levels: Vec<Level> = (60..90).map(|n| series.judge(&fact(n, 8.0, 4.0)).level).collect();
    assert_eq!(levels[..3], [Level::Notice; 3]);
    assert!(levels[3..].iter().all(|level| *level == Level::Ok), "{levels:?}");
}

#[test]
fn every_metric_has_its_own_alarm() {
    let mut series = counted(60, |_| 10.0);
    series.judge(&fact(60, 1.0, 1.0));
    let second = series.judge(&fact(61, 1.0, 1.0));
    for metric in [Metric::TotalFileSize, Metric::ObjectCount] {
        let verdict = second.on(metric).unwrap();
        assert_eq!(
            (verdict.level, verdict.continuing),
            (Level::Alarm, Some(day(60))),
            "{}",
            verdict.reason()
        );
    }
    assert_eq!(second.on(Metric::RowCount), None);
}
