//! Variations of the incidents: how much lands, and what happens to it later.

use lakegauge_core::verdict::Status;
use lakegauge_story::{Day, Dice, Said, StoryLake, Watch, at, days};
use std::collections::BTreeSet;

const DAILY: &str = "datasets:\n  feed:\n    path: feed/date={date}/\n";

const HOURLY: &str = "datasets:\n  feed:\n    path: feed/date={date}/hour={hour}/\n";

/// The files of one day, `n` of them with about `bytes` in all, an hour before the look.
fn files(lake: &StoryLake, dice: &mut Dice, day: Day, n: u64, bytes: u64) {
    for i in 0..n {
        let size = bytes / n + dice.between(0, bytes / n / 20);
        lake.put(format!("feed/date={day}/part-{i}.parquet"), size, day.at(26, i as i64));
    }
}

/// Checks the weeks before `last` day by day, all without alarms, and then on the morning after it.
#[track_caller]
fn morning_after(lake: &StoryLake, yaml: &str, last: &str) -> Said {
    let last = Day::new(last);
    let watch = Watch::config(lake, yaml, last.plus(-10).at(6, 0));
    for back in (0..=9).rev() {
        let said = watch.check(last.plus(-back).at(6, 0));
        assert_eq!(said.status(), Status::Ok, "{said}; {}", said.notes());
    }
    watch.check(last.plus(1).at(6, 0))
}

/// The sync of a new release keeps the files of the old one, because their names contain a hash.
/// <https://github.com/aws-samples/data-lake-as-code/issues/24>
#[test]
fn a_landed_partition_that_doubles_later_is_told() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(202));
    for day in days("2026-05-01", "2026-09-20") {
        files(&lake, &mut dice, day, 4, 1_000_000);
    }
    for i in 0..4 {
        let key = format!("feed/date=2026-09-17/part-{i}-of-the-next-release.parquet");
        lake.put(key, 255_000, at("2026-09-19T20:00Z"));
    }
    let watch = Watch::config(&lake, DAILY, at("2026-09-10T06:00Z"));
    for day in days("2026-09-10", "2026-09-20") {
        let said = watch.check(day.at(6, 0));
        let doubled = day > Day::new("2026-09-19");
        assert_eq!(said.fires("2026-09-17", "TotalFileSize"), doubled, "{said}");
        assert!(doubled || said.status() == Status::Ok, "{said}");
    }
    let said = watch.check(at("2026-09-20T06:00Z"));
    assert!(said.fires("2026-09-17", "TotalFileSize"), "{said}");
}

/// An overwrite deletes first; then the write fails, and a partition from days ago is gone.
/// <https://github.com/trinodb/trino/issues/29428>
#[test]
fn a_partition_that_an_overwrite_emptied_is_told() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(203));
    for day in days("2026-05-01", "2026-09-20") {
        files(&lake, &mut dice, day, 4, 1_000_000);
    }
    lake.delete("feed/date=2026-09-17/", at("2026-09-19T20:00Z"));
    let said = morning_after(&lake, DAILY, "2026-09-19");
    assert!(said.fires_on("2026-09-17"), "{said}");
}

/// A nightly overwrite of the whole dataset deletes everything and dies.
/// <https://github.com/aws/aws-sdk-pandas/issues/1278>
#[test]
fn a_dataset_that_was_emptied_is_in_alarm() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(204));
    for day in days("2026-05-01", "2026-09-19") {
        files(&lake, &mut dice, day, 4, 1_000_000);
    }
    lake.delete("feed/", at("2026-09-20T03:00Z"));
    let said = morning_after(&lake, DAILY, "2026-09-19");
    assert_eq!(said.status(), Status::Alarm, "{said}; {}", said.notes());
}

/// A copy into another region stops after four of ten files; the number of files varies from day to day.
#[test]
fn a_copy_that_broke_off_is_too_small() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(205));
    for day in days("2026-05-01", "2026-09-20") {
        let n = if day == Day::new("2026-09-19") { 4 } else { dice.between(8, 12) };
        files(&lake, &mut dice, day, n, 100_000 * n);
    }
    let said = morning_after(&lake, DAILY, "2026-09-19");
    assert!(said.fires("2026-09-19", "TotalFileSize"), "{said}");
}

/// A retry wrote the whole day again under new names.
/// <https://github.com/apache/druid/issues/11745>
#[test]
fn a_day_written_twice_is_too_large() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(206));
    for day in days("2026-05-01", "2026-09-20") {
        files(&lake, &mut dice, day, if day == Day::new("2026-09-19") { 20 } else { 10 }, 1_000_000);
    }
    for i in 0..10 {
        lake.put(format!("feed/date=2026-09-19/part-{i}.parquet"), 100_000, at("2026-09-20T02:10Z"));
    }
    for i in 10..20 {
        lake.put(format!("feed/date=2026-09-19/part-{i}.parquet"), 100_000, at("2026-09-20T02:10Z"));
    }
    let said = morning_after(&lake, DAILY, "2026-09-19");
    assert!(said.fires("2026-09-19", "TotalFileSize"), "{said}");
}

/// One night hour of an hourly feed is empty, and the check runs at nine.
#[test]
fn an_empty_hour_of_the_night_is_told_in_the_morning() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(208));
    for (day, hour) in days("2026-03-01", "2026-04-15").flat_map(|day| (0..24).map(move |h| (day, h))) {
        let empty = (day, hour) == (Day::new("2026-04-14"), 3);
        let size = if empty { 0 } else { dice.between(95_000, 105_000) };
        lake.put(format!("feed/date={day}/hour={hour:02}/p.avro"), size, day.at(hour + 1, 4));
    }
    let watch = Watch::config(&lake, HOURLY, at("2026-04-05T09:00Z"));
    for day in days("2026-04-05", "2026-04-14") {
        let said = watch.check(day.at(9, 0));
        assert_eq!(said.status(), Status::Ok, "{said}; {}", said.notes());
    }
    let said = watch.check(at("2026-04-14T09:00Z"));
    assert!(said.fires_on("2026-04-14T03"), "{said}");
    let said = watch.check(at("2026-04-15T09:00Z"));
    assert!(said.fires_on("2026-04-14T03"), "it stays told until it is right: {said}");
}

/// One hour of an hourly feed never came, and the check runs at nine.
#[test]
fn a_missing_hour_of_the_night_is_told_in_the_morning() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(209));
    for (day, hour) in days("2026-03-01", "2026-04-15").flat_map(|day| (0..24).map(move |h| (day, h))) {
        if (day, hour) != (Day::new("2026-04-14"), 3) {
            let size = dice.between(95_000, 105_000);
            lake.put(format!("feed/date={day}/hour={hour:02}/p.avro"), size, day.at(hour + 1, 4));
        }
    }
    let watch = Watch::config(&lake, HOURLY, at("2026-04-05T09:00Z"));
    let said = watch.check(at("2026-04-13T09:00Z"));
    assert_eq!(said.status(), Status::Ok, "{said}; {}", said.notes());
    let said = watch.check(at("2026-04-14T09:00Z"));
    assert!(said.fires_on("2026-04-14T03"), "{said}");
    assert!(watch.first_look(at("2026-04-14T09:00Z")).fires_on("2026-04-14T03"));
}

/// The folder contains only its placeholder.
#[test]
fn a_folder_without_a_file_is_missing() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(211));
    for day in days("2026-05-01", "2026-09-20") {
        lake.put(format!("feed/date={day}/"), 0, day.at(25, 0));
        if day != Day::new("2026-09-19") {
            files(&lake, &mut dice, day, 3, 300_000);
        }
    }
    let said = morning_after(&lake, DAILY, "2026-09-19");
    assert!(said.fires_on("2026-09-19"), "{said}");
}

/// A new region is added for good: more bytes and more folders, and nothing is in alarm for longer than a few days.
#[test]
fn a_fifth_region_is_usual_after_two_weeks() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(213));
    for day in days("2026-05-01", "2026-10-20") {
        let joined = day >= Day::new("2026-09-10");
        for region in ["apac", "emea", "latam", "mea", "na"].iter().filter(|r| joined || **r != "mea") {
            let size = dice.between(95_000, 105_000);
            lake.put(format!("feed/date={day}/region={region}/p.csv"), size, day.at(26, 0));
        }
    }
    let watch = Watch::config(&lake, DAILY, at("2026-09-01T06:00Z"));
    for day in days("2026-09-01", "2026-10-20") {
        let said = watch.check(day.at(6, 0));
        let settled = day < Day::new("2026-09-11") || day >= Day::new("2026-09-26");
        assert!(!settled || said.status() == Status::Ok, "{said}");
    }
}

/// A level that falls by a third for good is reported, and is usual after two weeks.
#[test]
fn a_third_less_for_good_is_told_and_then_usual() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(215));
    for day in days("2026-05-01", "2026-10-20") {
        let fell = day >= Day::new("2026-09-11");
        files(&lake, &mut dice, day, 1, if fell { 660_000 } else { 1_000_000 });
    }
    let watch = Watch::config(&lake, DAILY, at("2026-09-01T06:00Z"));
    let mut news = BTreeSet::new();
    for day in days("2026-09-02", "2026-10-20") {
        let said = watch.check(day.at(6, 0));
        news.extend(said.firing().into_iter().filter(|f| !f.continuing).map(|f| f.partition));
        let since = day.since(Day::new("2026-09-12"));
        match since {
            ..0 => assert_eq!(said.status(), Status::Ok, "{said}"),
            0 => assert_eq!(said.status(), Status::Alarm, "{said}"),
            21.. => assert_eq!(said.status(), Status::Ok, "{said}"),
            _ => {}
        }
    }
    assert!(news.len() <= 3, "alarms that do not continue another: {news:?}");
}

/// Empty partitions never become usual, however long they last.
#[test]
fn empty_days_stay_in_alarm() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(216));
    for day in days("2026-05-01", "2026-10-20") {
        let size = if day >= Day::new("2026-09-11") { 0 } else { dice.between(95_000, 105_000) };
        lake.put(format!("feed/date={day}/p.csv"), size, day.at(26, 0));
    }
    let watch = Watch::config(&lake, DAILY, at("2026-09-01T06:00Z"));
    for day in days("2026-09-12", "2026-10-20") {
        let said = watch.check(day.at(6, 0));
        assert_eq!(said.status(), Status::Alarm, "{said}");
    }
}
