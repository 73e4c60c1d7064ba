//! A usual rhythm is not in alarm: a weekday, an hour or a day of the month that differs is learned.

use proptest::prelude::*;

use super::super::*;
use super::feed::{Feed, by_day, noise};
use crate::partition::{Cadence, Partition};

/// Runs a feed in which some partitions are `factor` times the others, and returns those in alarm from `from` on.
fn alarms(
    cadence: Cadence,
    length: i64,
    from: i64,
    seed: u64,
    size: impl Fn(Partition) -> f64,
) -> Vec<(Partition, String)> {
    let mut feed = Feed::new(cadence);
    let mut alarms = Vec::new();
    for n in 0..length {
        let partition = feed.next;
        let verdict = feed.tell(1e8 * size(partition) * (0.04 * noise(seed, n)).exp());
        if verdict.level == Level::Alarm && n >= from {
            alarms.push((partition, verdict.reason()));
        }
    }
    alarms
}

fn weekday(p: Partition) -> i8 {
    p.date().weekday().to_monday_zero_offset()
}

/// A factor far from one: a thousandth to a third, or three to thirty times.
fn factor() -> impl Strategy<Value = f64> {
    prop_oneof![(-6.9..-1.1f64).prop_map(f64::exp), (1.1..3.4f64).prop_map(f64::exp)]
}

proptest! {
    #![proptest_config(super::of_noise(32))]

    #[test]
    fn weekdays_are_learned_on_their_third(seed in 0u64..1_000, day in 0i8..7, two: bool, factor in factor(), starts in 0i64..7) {
        let differs = |p: Partition| weekday(p) == day || two && weekday(p) == (day + 1) % 7;
        let size = |p: Partition| if differs(p.offset(-starts)) { factor } else { 1.0 };
        let alarms = alarms(Cadence::Daily, 150, 35, seed, size);
        prop_assert!(alarms.is_empty(), "{:?}", alarms);
    }

    #[test]
    fn a_weekday_that_changes_later_is_told_twice(seed in 0u64..1_000, day in 0i8..7, factor in factor()) {
        let begins = super::feed::first(Cadence::Daily).offset(70);
        let size = |p: Partition| if p >= begins && weekday(p) == day { factor } else { 1.0 };
        let alarms = alarms(Cadence::Daily, 200, 35, seed, size);
        prop_assert_eq!(alarms.len(), 2, "{:?}", alarms);
    }

    #[test]
    fn hours_of_the_day_are_learned_on_their_third(seed in 0u64..1_000, hour in 0i8..24, factor in factor(), later: bool) {
        let begins = super::feed::first(Cadence::Hourly).offset(if later { 24 * 15 } else { 0 });
        let size = |p: Partition| by_day(p) / 1e8 * if p >= begins && p.start().hour() == hour { factor } else { 1.0 };
        let from = if later { 24 * 17 + i64::from(hour) } else { 24 * 4 };
        let alarms = alarms(Cadence::Hourly, 24 * 30, from, seed, size);
        prop_assert!(alarms.is_empty(), "{:?}", alarms);
    }

    #[test]
    fn weekends_of_hours_are_learned_on_their_third(seed in 0u64..1_000, factor in factor()) {
        let size = |p: Partition| by_day(p) / 1e8 * if weekday(p) >= 5 { factor } else { 1.0 };
        let alarms = alarms(Cadence::Hourly, 24 * 50, 24 * 22, seed, size);
        prop_assert!(alarms.is_empty(), "{:?}", alarms);
    }

    /// Found after two months: the third month is not in alarm. Two days that are weeks apart are first taken for
    /// their weekday, and the 1st and the 2nd for the first weekday.
    #[test]
    fn days_of_the_month_are_learned(seed in 0u64..1_000, day in 1i8..=28, other in 1i8..=31, factor in factor()) {
        prop_assume!(day == other || (day - other).abs() > 3 && (day - other) % 7 != 0);
        let size = |p: Partition| if [day, other].contains(&p.date().day()) { factor } else { 1.0 };
        // Only every second month has a 31st.
        let alarms = alarms(Cadence::Daily, 500, 250, seed, size);
        prop_assert!(alarms.is_empty(), "{:?}", alarms);
    }
}

/// A level that falls on a Friday is not a quiet Saturday, and a level that stays low is not a rhythm of any weekday.
#[test]
fn a_fall_is_no_rhythm() {
    for falls in 0..7 {
        let mut feed = Feed::new(Cadence::Daily);
        for n in 0..100 {
            let verdict = feed.tell(if n >= 42 + falls { 1e6 } else { 1e8 * (0.04 * noise(1, n)).exp() });
            assert_eq!(verdict.level == Level::Alarm, n >= 42 + falls, "{n}: {}", verdict.reason());
        }
    }
}
