//! A changed level: in alarm at every look until it returns, is accepted, or is small and has held for two weeks.

use jiff::ToSpan as _;
use proptest::prelude::*;

use super::super::*;
use super::feed::{
    Feed, Shape, by_day, by_day_and_week, flat, growing, noise, office_hours, weekly, working_days,
};
use crate::metric::Metric;
use crate::partition::Cadence;

/// How many of the feeds stay on one level.
const STEADY: usize = 9;
/// Feeds of every cadence: their shape, and for how long they are watched before anything happens.
const FEEDS: [(Cadence, Shape, i64); 11] = [
    (Cadence::Hourly, flat, 24 * 8),
    (Cadence::Hourly, by_day, 24 * 8),
    (Cadence::Hourly, by_day_and_week, 24 * 30),
    (Cadence::Daily, flat, 28),
    (Cadence::Daily, weekly, 42),
    (Cadence::Weekly, flat, 16),
    (Cadence::Monthly, flat, 18),
    (Cadence::Daily, working_days, 42),
    (Cadence::Hourly, office_hours, 24 * 28),
    (Cadence::Daily, growing, 60),
    (Cadence::Weekly, growing, 30),
];

/// A feed that was healthy for that long, and a little longer.
fn healthy((cadence, shape, warm): (Cadence, Shape, i64), more: i64, seed: u64) -> Feed {
    let mut feed = Feed::new(cadence);
    while feed.n() < warm + more {
        tell(&mut feed, shape, seed, 1.0);
    }
    feed
}

/// Skips the periods that never come.
fn rest(feed: &mut Feed, shape: Shape) {
    while shape(feed.next) == 0.0 {
        feed.skip();
    }
}

/// Gives the next period that comes, `factor` times as large as usual.
fn tell(feed: &mut Feed, shape: Shape, seed: u64, factor: f64) -> Verdict {
    rest(feed, shape);
    let usual = shape(feed.next) * (0.04 * noise(seed, feed.n())).exp();
    feed.tell(usual * factor)
}

/// The same for several periods.
fn run(feed: &mut Feed, shape: Shape, seed: u64, factor: f64, periods: i64) {
    (0..periods).for_each(|_| {
        tell(feed, shape, seed, factor);
    });
}

/// Every period from the fall on is in one alarm, raised by the first of them.
fn one_alarm(verdicts: &[Verdict], since: crate::partition::Partition) -> Result<(), TestCaseError> {
    for (n, verdict) in verdicts.iter().enumerate() {
        prop_assert_eq!(verdict.level, Level::Alarm, "{} periods after the fall: {}", n, &verdict.reason());
        prop_assert_eq!(
            verdict.continuing,
            (n > 0).then_some(since),
            "{} periods after: {}",
            n,
            &verdict.reason()
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(super::of_noise(48))]

    /// For every cadence, at every hour, weekday and week, by every factor: down to a thousandth and up to a thousand
    /// times.
    #[test]
    fn a_broken_level_is_one_alarm_until_it_returns(
        which in 0..FEEDS.len(), more in 0i64..40, seed in 0u64..1_000, log in 1.0..7.0f64, falls: bool, rounds in 1i64..5,
    ) {
        let (cadence, shape, _) = FEEDS[which];
        let mut feed = healthy(FEEDS[which], more, seed);
        rest(&mut feed, shape);
        let (since, from) = (feed.next, feed.told.len());
        let factor = if falls { -log } else { log }.exp();
        let length = if cadence == Cadence::Hourly { 24 * 7 * rounds } else { 20 * rounds };
        run(&mut feed, shape, seed, factor, length);
        one_alarm(&feed.told[from..], since)?;
        // A feed that has meanwhile grown for months returns to another level.
        for n in 0..if which < STEADY { 40 } else { 0 } {
            let verdict = tell(&mut feed, shape, seed, 1.0);
            prop_assert!(verdict.level != Level::Alarm, "{} periods after the return: {}", n, verdict.reason());
        }
    }

    /// A change by less than half or double is usual after two weeks, and not before.
    #[test]
    fn a_small_change_holds_for_two_weeks(which in 0..FEEDS.len(), more in 0i64..40, seed in 0u64..1_000, falls: bool) {
        let (_, shape, _) = FEEDS[which];
        let mut feed = healthy(FEEDS[which], more, seed);
        rest(&mut feed, shape);
        let (since, from) = (feed.next, feed.told.len());
        let factor = if falls { 0.57 } else { 1.75 };
        let holds = since.start() + 2.weeks();
        while feed.told.len() < from + 2 || feed.next.start() < holds {
            tell(&mut feed, shape, seed, factor);
            rest(&mut feed, shape);
        }
        one_alarm(&feed.told[from..], since)?;
        let held = tell(&mut feed, shape, seed, factor);
        prop_assert_eq!(held.level, Level::Notice, "{}", held.reason());
        prop_assert!(held.moved.is_some());
        for _ in 0..60 {
            let verdict = tell(&mut feed, shape, seed, factor);
            prop_assert!(verdict.level != Level::Alarm, "{}", verdict.reason());
        }
    }

    #[test]
    fn what_a_person_accepts_is_the_new_level(
        which in 0..FEEDS.len(), more in 0i64..40, seed in 0u64..1_000, log in -6.0..-1.0f64, after in 0i64..30,
    ) {
        let (_, shape, _) = FEEDS[which];
        let mut feed = healthy(FEEDS[which], more, seed);
        run(&mut feed, shape, seed, log.exp(), after);
        rest(&mut feed, shape);
        let usual = shape(feed.next) * log.exp();
        prop_assert_eq!(feed.tell_as(usual, Lesson::Normal).level, Level::Ok);
        for n in 0..60 {
            let verdict = tell(&mut feed, shape, seed, log.exp());
            prop_assert!(verdict.level != Level::Alarm, "{} periods after: {}", n, verdict.reason());
        }
    }

    #[test]
    fn emptiness_is_never_usual(which in 0..FEEDS.len(), more in 0i64..40, seed in 0u64..1_000, length in 1i64..200) {
        let (_, shape, _) = FEEDS[which];
        let mut feed = healthy(FEEDS[which], more, seed);
        rest(&mut feed, shape);
        let (since, from) = (feed.next, feed.told.len());
        run(&mut feed, shape, seed, 0.0, length);
        one_alarm(&feed.told[from..], since)?;
        if which < STEADY {
            prop_assert!(tell(&mut feed, shape, seed, 1.0).level != Level::Alarm);
        }
    }

    /// To the bit: after some alarms, a feed expects the same as if nothing had come on those days.
    #[test]
    fn what_alarmed_leaves_no_trace_in_the_band(
        which in 0..FEEDS.len(), more in 0i64..40, seed in 0u64..1_000,
        faults in proptest::collection::vec((1i64..90, prop_oneof![Just(0.0), 0.001..0.4f64, 2.5..1_000.0f64]), 1..9),
    ) {
        let (cadence, shape, _) = FEEDS[which];
        let mut feed = healthy(FEEDS[which], more, seed);
        let mut without = feed.clone();
        let mut slots = std::collections::BTreeSet::new();
        for (pause, factor) in faults {
            run(&mut feed, shape, seed, 1.0, pause);
            run(&mut without, shape, seed, 1.0, pause);
            rest(&mut feed, shape);
            rest(&mut without, shape);
            // The third on one weekday or hour is a rhythm.
            let round = match cadence { Cadence::Hourly => 24, Cadence::Daily => 7, Cadence::Weekly => 4, Cadence::Monthly => 12 };
            let month_day = 100 + i64::from(feed.next.date().day());
            if !slots.insert(feed.n() % round) || cadence == Cadence::Daily && !slots.insert(month_day) {
                continue;
            }
            prop_assert_eq!(tell(&mut feed, shape, seed, factor).level, Level::Alarm);
            without.skip();
        }
        for n in 0..3 {
            let ahead = feed.next.offset(n);
            let expect = |feed: &Feed| feed.series.expect(ahead, Metric::TotalFileSize);
            prop_assert_eq!(expect(&feed), expect(&without));
        }
    }
}

/// The sentence of the last of these periods; each factor is a multiple of the usual size.
fn said(factors: &[(i64, f64)]) -> String {
    let mut feed = healthy(FEEDS[3], 0, 1);
    for (periods, factor) in factors {
        run(&mut feed, flat, 1, *factor, *periods);
    }
    feed.told.pop().unwrap().reason()
}

#[test]
fn an_alarm_that_continues_says_since_when() {
    let since = healthy(FEEDS[3], 0, 1).next;
    let check = |factors: &[(i64, f64)], expect: &str| {
        let said = said(factors);
        assert!(said.ends_with(expect), "{said}");
    };
    let continuing = format!("; continuing since {since}");
    check(&[(1, 0.1)], "(previous day)");
    check(&[(40, 0.1)], &continuing);
    check(&[(3, 0.0)], &continuing);
    // Empty after small is worse.
    check(&[(9, 0.1), (1, 0.0)], "it is empty");
    check(&[(9, 0.1), (1, 0.0), (1, 0.1)], &continuing);
    check(&[(15, 0.6)], "unchanged for two weeks, now the new level");
}

#[test]
fn the_other_side_of_the_band_is_another_alarm() {
    let mut feed = healthy(FEEDS[3], 0, 1);
    run(&mut feed, flat, 1, 0.1, 5);
    let doubled = tell(&mut feed, flat, 1, 3.0);
    assert_eq!((doubled.level, doubled.continuing), (Level::Alarm, None), "{}", doubled.reason());
}

/// A dataset whose first files hold everything, and later ones only what is new.
#[test]
fn the_first_partitions_are_no_yardstick_for_ever() {
    let mut feed = Feed::new(Cadence::Daily);
    (0..40).for_each(|n| {
        feed.tell(if n < 10 { 1e10 } else { 1e7 });
    });
    let last_alarm = feed.told.iter().rposition(|verdict| verdict.level == Level::Alarm);
    assert_eq!(last_alarm, Some(23));
}
