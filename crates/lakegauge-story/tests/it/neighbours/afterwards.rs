//! Variations of the incidents: what comes long after its period, and what is decided about it afterwards.

use lakegauge_core::mark::Says;
use lakegauge_core::scope::Wanted;
use lakegauge_core::verdict::Status;
use lakegauge_story::{Day, Dice, Sensor, StoryLake, Watch, at, days};

const DAILY: &str = "datasets:\n  feed:\n    path: feed/date={date}/\n";

fn put(lake: &StoryLake, dice: &mut Dice, day: Day, share: u64, at: jiff::Timestamp) {
    lake.put(format!("feed/date={day}/p.csv"), dice.between(95_000, 105_000) / share, at);
}

/// Weeks in folders of days are written eight days after their Monday. One week never comes, and then the feed dies.
#[test]
fn a_feed_that_lands_a_week_later_is_watched_until_it_has_come() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(301));
    for monday in days("2026-01-05", "2026-10-20").step_by(7) {
        if monday != Day::new("2026-09-14") {
            put(&lake, &mut dice, monday, 1, monday.at(8 * 24 + 6, dice_minute(monday)));
        }
    }
    let watch = Watch::config(&lake, DAILY, at("2026-08-31T12:00Z"));
    let mut told = Vec::new();
    for day in days("2026-09-01", "2026-11-06") {
        let said = watch.check(day.at(12, 0));
        told.extend(said.firing().iter().map(|firing| (day.to_string(), firing.partition.clone())));
        if day == Day::new("2026-10-20") {
            assert_eq!(said.state("2026-10-12"), Some("landed"), "{said}");
        }
    }
    let of = |partition: &str| told.iter().filter(|(_, of)| of == partition).map(|(on, _)| on.as_str()).min();
    assert_eq!(of("2026-09-14"), Some("2026-09-22"), "{told:?}");
    assert_eq!(of("2026-10-26"), Some("2026-11-03"), "{told:?}");
    let expected = |(_, of): &(String, String)| of == "2026-09-14" || of.as_str() >= "2026-10-26";
    assert!(told.iter().all(expected), "{told:?}");
}

fn dice_minute(day: Day) -> i64 {
    day.since(Day::new("2026-01-01")) % 20
}

/// After twelve days without a run, every day is caught up with a tenth of its bytes.
#[test]
fn what_comes_after_a_long_outage_is_judged_day_by_day() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(302));
    days("2026-06-01", "2026-10-02").for_each(|day| put(&lake, &mut dice, day, 1, day.at(26, 0)));
    let back = Day::new("2026-10-14");
    for (minute, day) in (0..).zip(days("2026-10-02", "2026-10-14")) {
        put(&lake, &mut dice, day, 10, back.at(2, minute));
    }
    let watch = Watch::config(&lake, DAILY, at("2026-09-20T06:00Z"));
    days("2026-09-20", "2026-10-14").for_each(|day| drop(watch.check(day.at(6, 0))));
    let said = watch.check(back.at(6, 0));
    for day in days("2026-10-02", "2026-10-14") {
        assert!(said.fires(&day.to_string(), "TotalFileSize"), "{day}: {said}");
    }
}

/// A job appends a file to today's folder each hour, and writes the marker anew each time, as an append of Spark does.
#[test]
fn a_marker_that_every_run_of_the_day_writes_is_not_the_end_of_the_day() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(303));
    for day in days("2026-08-01", "2026-10-19") {
        for hour in 1..=24 {
            lake.put(
                format!("feed/date={day}/part-{hour:02}.parquet"),
                dice.between(9_500, 10_500),
                day.at(hour, 2),
            );
            lake.put(format!("feed/date={day}/_SUCCESS"), 0, day.at(hour, 3));
        }
    }
    let watch = Watch::init(&lake, at("2026-10-10T00:30Z"));
    for day in days("2026-10-10", "2026-10-18") {
        for hour in [1, 7, 12, 18, 23] {
            let said = watch.check(day.at(hour, 30));
            assert_eq!(said.status(), Status::Ok, "{said}");
            assert_eq!(watch.wait("feed", &day.to_string(), day.at(hour, 31)), Sensor::Waits, "{day} {hour}");
        }
        assert_eq!(watch.wait("feed", &day.to_string(), day.at(25, 0)), Sensor::Healthy, "{day}");
    }
}

/// A copy tool brings the marker long before the last of its files: the deadline is that of the files.
#[test]
fn the_deadline_of_a_marker_that_comes_first_is_that_of_its_data() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(304));
    for day in days("2026-08-01", "2026-10-19") {
        lake.put(format!("feed/date={day}/_SUCCESS"), 0, day.at(26, 0));
        for i in 0..8 {
            let key = format!("feed/date={day}/part-{i}.parquet");
            lake.put(key, dice.between(9_500, 10_500), day.at(26, 8 * (i + 1)));
        }
    }
    let watch = Watch::init(&lake, at("2026-10-10T12:00Z"));
    for day in days("2026-10-11", "2026-10-19") {
        for minute in [140, 160, 185, 200, 240] {
            let said = watch.check(day.at(0, minute));
            assert_eq!(said.status(), Status::Ok, "{day} {minute}: {said}");
        }
    }
}

/// Somebody looks at one partition first: the check an hour later still tells what has come meanwhile.
#[test]
fn a_narrow_look_takes_no_news_from_the_next_check() {
    for wanted in ["none", "last", "named", "wait"] {
        let (lake, mut dice) = (StoryLake::new(), Dice::new(305));
        days("2026-06-01", "2026-10-23").for_each(|day| {
            let share = if day == Day::new("2026-10-15") { 10 } else { 1 };
            let at = if share == 1 { day.at(26, 0) } else { Day::new("2026-10-17").at(5, 0) };
            put(&lake, &mut dice, day, share, at);
        });
        let watch = Watch::config(&lake, DAILY, at("2026-10-14T06:00Z"));
        days("2026-10-10", "2026-10-15").for_each(|day| drop(watch.check(day.at(6, 0))));
        let now = at("2026-10-23T06:00Z");
        match wanted {
            "last" => drop(watch.ask(&Wanted::Last(1), now)),
            "named" => drop(watch.check_partition("2026-10-22", now)),
            "wait" => assert_eq!(watch.wait("feed", "2026-10-22", now), Sensor::Healthy),
            _ => {}
        }
        let said = watch.check(at("2026-10-23T07:00Z"));
        assert!(said.fires("2026-10-15", "TotalFileSize"), "{wanted}: {said}");
    }
}

/// Each day's files are merged three days later into one with 40 % fewer bytes.
#[test]
fn a_merge_days_later_becomes_usual() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(306));
    for day in days("2026-05-01", "2026-10-19") {
        let size = dice.between(98_000, 102_000);
        (0..6).for_each(|i| lake.put(format!("feed/date={day}/s-{i}.parquet"), size, day.at(24, 5 * i + 5)));
        lake.delete(format!("feed/date={day}/"), day.at(4 * 24, 59));
        lake.put(format!("feed/date={day}/merged.parquet"), 6 * size * 6 / 10, day.at(4 * 24 + 1, 0));
    }
    let watch = Watch::config(&lake, DAILY, at("2026-08-01T06:00Z"));
    for day in days("2026-08-01", "2026-10-19") {
        let said = watch.check(day.at(6, 0));
        assert!(day < Day::new("2026-09-01") || said.status() == Status::Ok, "{said}");
    }
}

/// The level falls to a fifth, and on the third morning a person accepts the newest day.
#[test]
fn accepting_the_newest_day_ends_the_alarm_of_those_before() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(307));
    for day in days("2026-06-01", "2026-10-20") {
        put(&lake, &mut dice, day, if day < Day::new("2026-10-15") { 1 } else { 5 }, day.at(26, 0));
    }
    let watch = Watch::config(&lake, DAILY, at("2026-10-10T06:00Z"));
    for day in days("2026-10-10", "2026-10-19") {
        let said = watch.check(day.at(6, 0));
        assert_eq!(said.status() == Status::Alarm, day > Day::new("2026-10-15"), "{said}");
    }
    watch.mark("feed", "2026-10-17", Some((Says::Accepted, "fewer shops")), at("2026-10-18T07:00Z"));
    for now in ["2026-10-18T07:05Z", "2026-10-19T06:00Z", "2026-10-20T06:00Z"].map(at) {
        let said = watch.check(now);
        assert_eq!(said.status(), Status::Ok, "{said}");
    }
}

/// A person rejects a day, and it is written again: that is what was asked for.
#[test]
fn a_rejected_day_that_is_written_again_is_healthy() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(308));
    days("2026-06-01", "2026-10-20").for_each(|day| put(&lake, &mut dice, day, 1, day.at(26, 0)));
    put(&lake, &mut dice, Day::new("2026-10-18"), 1, at("2026-10-19T10:00Z"));
    let watch = Watch::config(&lake, DAILY, at("2026-10-15T06:00Z"));
    days("2026-10-15", "2026-10-20").for_each(|day| drop(watch.check(day.at(6, 0))));
    watch.mark("feed", "2026-10-18", Some((Says::Bad, "wrong prices")), at("2026-10-19T07:00Z"));
    assert_eq!(watch.check(at("2026-10-19T08:00Z")).status(), Status::Alarm);
    let said = watch.check(at("2026-10-19T11:00Z"));
    assert_eq!(said.status(), Status::Ok, "{said}");
}

/// A partition is asked for where nothing can be judged: a typo in the path, a feed that has stopped, a day to come.
#[test]
fn what_could_not_be_in_alarm_is_not_called_healthy() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(309));
    days("2026-06-01", "2026-08-20").for_each(|day| put(&lake, &mut dice, day, 1, day.at(26, 0)));
    let now = at("2026-10-19T08:00Z");
    for (yaml, partition) in [
        ("datasets:\n  feed:\n    path: feeed/date={date}/\n", "2026-10-18"),
        (DAILY, "2026-10-18"),
        (DAILY, "2027-01-01"),
    ] {
        let watch = Watch::config(&lake, yaml, now);
        for _ in 0..2 {
            let said = watch.check_partition(partition, now);
            assert_ne!(said.status(), Status::Ok, "{yaml} {partition}: {said}");
            watch.check(now);
        }
    }
}
