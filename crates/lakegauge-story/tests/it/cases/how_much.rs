//! Incidents about how much landed, and what happened to it later.

use lakegauge_core::mark::Says;
use lakegauge_core::verdict::Status;
use lakegauge_story::{Day, Dice, Sensor, StoryLake, Watch, at, days};
use std::collections::BTreeMap;

/// A day without records: only a marker, only a header, only empty archives.
/// <https://github.com/CommBank/maestro/issues/315>, <https://github.com/airbytehq/airbyte/issues/7587>,
/// <https://github.com/krux/hyperion/issues/446>
#[test]
fn a_day_of_nothing_but_wrapping_is_in_alarm() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(25));
    for day in days("2026-08-01", "2026-10-22") {
        let (empty, landed) = (day == Day::new("2026-10-21"), day.at(26, 0));
        lake.put(format!("marker/date={day}/_SUCCESS"), 0, day.at(26, 1));
        if !empty {
            lake.put(format!("marker/date={day}/part-0.parquet"), dice.between(95_000, 105_000), landed);
        }
        let size = if empty { 61 } else { dice.between(95_000, 105_000) };
        lake.put(format!("header/{}/{}_0.csv", day.form("%Y/%m/%d"), landed.as_second()), size, landed);
        for i in 0..4 {
            let size = if empty { 20 } else { dice.between(24_000, 26_000) };
            lake.put(format!("gz/dt={}/part-{i}.gz", day.form("%Y%m%d")), size, landed);
        }
    }
    let watch = Watch::init(&lake, at("2026-10-18T12:00Z"));
    let said = watch.check(at("2026-10-21T06:00Z"));
    assert_eq!(said.status(), Status::Ok, "{said}");
    let said = watch.check(at("2026-10-22T06:00Z"));
    let mut told: Vec<String> = said.firing().into_iter().map(|firing| firing.dataset).collect();
    told.sort_unstable();
    told.dedup();
    assert_eq!(told, ["gz", "header", "marker"], "{said}");
}

/// After two days without a run, the catch-up brings a tenth for one of them and an empty file for the other.
/// <https://github.com/apache/hudi/issues/3890>
#[test]
fn what_a_catch_up_brings_is_judged_day_by_day() {
    for watched in [true, false] {
        let (lake, mut dice) = (StoryLake::new(), Dice::new(38));
        for day in days("2026-08-01", "2026-10-21") {
            lake.put(format!("a/date={day}/p.csv"), dice.between(95_000, 105_000), day.at(26, 0));
        }
        for (day, size, minute) in
            [("2026-10-21", 10_000, 0), ("2026-10-22", 0, 4), ("2026-10-23", 99_000, 9)]
        {
            lake.put(format!("a/date={day}/p.csv"), size, Day::new("2026-10-24").at(2, minute));
        }
        let watch = Watch::init(&lake, at("2026-10-18T12:00Z"));
        for day in days("2026-10-19", "2026-10-24").filter(|_| watched) {
            let said = watch.check(day.at(6, 0));
            let expect = if day < Day::new("2026-10-22") { Status::Ok } else { Status::Alarm };
            assert_eq!(said.status(), expect, "{said}");
        }
        let said = watch.check(at("2026-10-24T06:00Z"));
        for day in ["2026-10-21", "2026-10-22"] {
            assert!(said.fires(day, "TotalFileSize"), "watched {watched}: {said}");
        }
        assert!(!said.fires_on("2026-10-23"), "{said}");
    }
}

/// Every day's small files are merged four hours later into few, with 2 % fewer bytes; one merge loses half.
/// <https://github.com/krux/hyperion/issues/446>, <https://github.com/astrolabsoftware/fink-broker/issues/1152>
#[test]
fn a_nightly_merge_becomes_usual_and_a_lossy_one_is_told() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(47));
    let lossy = Day::new("2026-10-29");
    for day in days("2026-07-01", "2026-10-31") {
        for i in 0..7 {
            let size = dice.between(15_000, 15_800);
            lake.put(format!("ev/date={day}/small-{i:03}.gz"), size, day.at(24, i));
        }
        lake.delete(format!("ev/date={day}/"), day.at(28, 59));
        for i in 0..3 {
            let size = dice.between(34_700, 35_600) / if day == lossy { 2 } else { 1 };
            lake.put(format!("ev/date={day}/merged-{i}.gz"), size, day.at(29, i));
        }
    }
    let watch = Watch::init(&lake, at("2026-09-15T06:00Z"));
    let mut weeks: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for day in days("2026-09-15", "2026-10-30") {
        for said in [1, 6].map(|hour| watch.check(day.at(hour, 0))) {
            let week = 1 + day.since(Day::new("2026-09-15")) / 7;
            weeks.entry(week).or_default().extend(said.firing().iter().map(ToString::to_string));
        }
    }
    let late: Vec<&String> = weeks.range(3..).flat_map(|(_, told)| told).collect();
    assert!(late.is_empty(), "from the third week on: {late:#?}");
    let said = watch.check(at("2026-10-30T06:00Z"));
    assert!(said.fires("2026-10-29", "Shrunk") || said.fires("2026-10-29", "TotalFileSize"), "{said}");
}

/// A person rejects a partition and takes it back, as a new user would.
#[test]
fn a_rejected_partition_is_bad_until_it_is_undone_or_written_again() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(50));
    for day in days("2026-10-15", "2026-11-25") {
        lake.put(format!("orders/date={day}/a"), dice.between(95_000, 105_000), day.at(26, 10));
    }
    let (now, last) = (at("2026-11-25T05:00Z"), "2026-11-24");
    let watch = Watch::config(&lake, "datasets:\n  orders:\n    path: orders/date={date}/\n", now);
    let healthy = |now| {
        let said = watch.check(now);
        assert_eq!(said.status(), Status::Ok, "{said}");
        assert_eq!(watch.wait("orders", last, now), Sensor::Healthy);
    };
    let rejected = |now| {
        watch.mark("orders", last, Some((Says::Bad, "wrong currency")), now);
        let said = watch.check(now);
        assert!(said.firing().iter().any(|f| f.reason.contains("wrong currency")), "{said}");
        assert_eq!(watch.wait("orders", last, now), Sensor::Alarm);
    };
    healthy(now);
    rejected(now);
    watch.mark("orders", last, None, now);
    healthy(now);
    rejected(now);
    lake.put(format!("orders/date={last}/a"), 99_000, at("2026-11-25T07:00Z"));
    let said = watch.check(at("2026-11-25T09:00Z"));
    assert!(!said.firing().iter().any(|f| f.critical), "{said}");
}
