//! Hourly data: one odd hour is a notice, and an odd day an alarm.

use super::super::*;
use super::feed::{Feed, noise};
use crate::metric::Metric;
use crate::partition::Cadence;

/// Gives `hours` of a feed with this much noise, `factor` times as large as usual.
fn run(feed: &mut Feed, wild: f64, factor: f64, hours: i64) -> Vec<Verdict> {
    let hour = |feed: &mut Feed| feed.tell(1e8 * factor * (wild * noise(3, feed.n())).exp());
    (0..hours).map(|_| hour(feed)).collect()
}

/// Ten weeks of a calm feed, or of one whose single hours vary by more than half and double.
fn healthy(wild: f64) -> Feed {
    let mut feed = Feed::new(Cadence::Hourly);
    run(&mut feed, wild, 1.0, 70 * 24);
    assert!(feed.told.iter().skip(28 * 24).all(|verdict| verdict.level != Level::Alarm));
    feed
}

const CALM: f64 = 0.04;
const WILD: f64 = 0.6;

/// Where an alarm is raised, and how many hours continue it.
fn alarms(verdicts: &[Verdict]) -> (Vec<usize>, usize) {
    let alarm = |(_, verdict): &(usize, &Verdict)| verdict.level == Level::Alarm;
    let (raised, continuing): (Vec<_>, Vec<_>) =
        verdicts.iter().enumerate().filter(alarm).partition(|(_, verdict)| verdict.continuing.is_none());
    (raised.into_iter().map(|(at, _)| at).collect(), continuing.len())
}

#[test]
fn one_odd_hour_is_a_notice() {
    let feed = healthy(CALM);
    let check = |factor: f64, expect: Level| {
        let verdict = run(&mut feed.clone(), CALM, factor, 1).remove(0);
        assert_eq!(verdict.level, expect, "{factor}: {}", verdict.reason());
    };
    check(1.0, Level::Ok);
    check(0.75, Level::Notice);
    check(1.35, Level::Notice);
    check(0.5, Level::Alarm);
    check(2.0, Level::Alarm);
    check(0.0, Level::Alarm);
}

#[test]
fn half_of_a_day_is_one_alarm_where_half_of_an_hour_is_noise() {
    let mut feed = healthy(WILD);
    let usual = feed.series.expect(feed.next, Metric::TotalFileSize);
    let before = feed.series.derive(feed.next, Metric::TotalFileSize).unwrap().last_day.unwrap();
    assert_eq!(before.low_limit, Some(before.floor));
    let verdicts = run(&mut feed, WILD, 0.5, 48);
    let (raised, continuing) = alarms(&verdicts);
    assert!(raised.len() == 1 && raised[0] < 24, "{raised:?}");
    assert!(continuing > 12, "{continuing}");
    insta::assert_snapshot!(verdicts[raised[0]].reason().split(": ").nth(1).unwrap(), @"the hours since 2024-03-10T20 are 46 % below usual (median)");
    let day = feed.series.derive(feed.next, Metric::TotalFileSize).unwrap().last_day.unwrap();
    assert_eq!(day.since.map(|since| feed.next.periods_since(since)), Some(48 - raised[0] as i64));
    // It ends once most hours are back, and what was in alarm is not learned.
    let after = run(&mut feed, WILD, 1.0, 7 * 24);
    assert!(alarms(&after).0.is_empty());
    assert!(after.iter().skip(18).all(|verdict| verdict.level != Level::Alarm));
    let narrower = |a: Option<Band>, b: Option<Band>| a.unwrap().low.unwrap() / b.unwrap().low.unwrap();
    let change = narrower(feed.series.expect(feed.next, Metric::TotalFileSize), usual);
    assert!((0.8..1.25).contains(&change), "{change}");
}

#[test]
fn a_day_that_a_person_accepts_is_usual_from_then_on() {
    let mut feed = healthy(WILD);
    run(&mut feed, WILD, 0.5, 30);
    assert_eq!(feed.tell_as(5e7, Lesson::Normal).level, Level::Ok);
    assert_eq!(alarms(&run(&mut feed, WILD, 0.5, 14 * 24)), (vec![], 0));
}

#[test]
fn a_day_that_is_not_half_is_usual_after_two_weeks() {
    let mut feed = healthy(WILD);
    let verdicts = run(&mut feed, WILD, 0.55, 20 * 24);
    let (raised, _) = alarms(&verdicts);
    assert_eq!(raised.len(), 1, "{raised:?}");
    let settled = verdicts.iter().position(|verdict| verdict.settled).unwrap();
    assert_eq!((settled - raised[0]) / 24, 14);
    assert!(verdicts.iter().skip(settled).all(|verdict| verdict.level != Level::Alarm));
}
