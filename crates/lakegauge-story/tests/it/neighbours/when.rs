//! Variations of the incidents: when something lands, and whether it lands at all.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use lakegauge_core::verdict::Status;
use lakegauge_story::{Day, Dice, StoryLake, Watch, at, days};

const DAILY: &str = "datasets:\n  feed:\n    path: feed/date={date}/\n";

/// A file of about 100 kB per day, at two in the morning after it.
fn daily(lake: &StoryLake, dice: &mut Dice, days: impl Iterator<Item = Day>) {
    for day in days {
        let at = day.at(26, dice.between(0, 20) as i64);
        lake.put(format!("feed/date={day}/p.parquet"), dice.between(95_000, 105_000), at);
    }
}

/// Checks every morning, and expects no alarms.
#[track_caller]
fn quiet(watch: &Watch, from: &str, until: &str) {
    for day in days(from, until) {
        let said = watch.check(day.at(6, 0));
        assert_eq!(said.status(), Status::Ok, "{said}; {}", said.notes());
    }
}

/// A cron job at 02:30 local time, which does not exist on one night of the year: that day's run is skipped.
/// <https://github.com/all-of-us/raw-data-repository/pull/4172>
#[test]
fn a_run_that_the_clocks_skipped_is_missing() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(101));
    let zone = TimeZone::get("America/New_York").unwrap();
    let skipped = Day::new("2026-03-07");
    for day in days("2026-01-01", "2026-03-15").filter(|day| *day != skipped) {
        let local = day.plus(1).0.at(2, 30, 0, 0);
        let at = zone.to_timestamp(local).unwrap() + SignedDuration::from_secs(dice.between(60, 400) as i64);
        lake.put(format!("feed/date={day}/p.csv"), dice.between(95_000, 105_000), at);
    }
    let yaml = format!("timezone: America/New_York\n{DAILY}");
    let watch = Watch::config(&lake, &yaml, at("2026-02-20T12:00Z"));
    quiet_at(&watch, "2026-02-20", "2026-03-08", 12);
    let said = watch.check(at("2026-03-08T12:00Z"));
    assert!(said.fires("2026-03-07", "Missing"), "{said}");
    let said = watch.check(at("2026-03-09T12:00Z"));
    assert!(!said.fires_on("2026-03-08"), "{said}");
}

#[track_caller]
fn quiet_at(watch: &Watch, from: &str, until: &str, hour: i64) {
    for day in days(from, until) {
        let said = watch.check(day.at(hour, 0));
        assert_eq!(said.status(), Status::Ok, "{said}; {}", said.notes());
    }
}

/// Code without a 29 February writes nothing on it.
/// <https://github.com/SatyamPandey-07/WorkSphere/issues/1808>
#[test]
fn a_leap_day_is_a_day_like_any() {
    let leap = Day::new("2028-02-29");
    for comes in [true, false] {
        let (lake, mut dice) = (StoryLake::new(), Dice::new(102));
        let all = days("2027-12-01", "2028-03-10").filter(|day| comes || *day != leap);
        daily(&lake, &mut dice, all);
        let watch = Watch::config(&lake, DAILY, at("2028-02-20T06:00Z"));
        quiet(&watch, "2028-02-20", "2028-03-01");
        let said = watch.check(at("2028-03-01T06:00Z"));
        assert_eq!(said.fires("2028-02-29", "Missing"), !comes, "{said}");
        let said = watch.check(at("2028-03-02T06:00Z"));
        assert!(!said.fires_on("2028-03-01"), "{said}");
    }
}

/// 2026 has a week 53; a writer that counts to 52 leaves it out.
/// <https://github.com/PostHog/posthog/pull/40168>
#[test]
fn the_week_fifty_three_is_owed() {
    for comes in [true, false] {
        let (lake, mut dice) = (StoryLake::new(), Dice::new(103));
        for monday in days("2025-10-06", "2027-01-25").step_by(7) {
            let week = monday.0.iso_week_date();
            if comes || week.week() != 53 {
                let key = format!("weekly/{}-W{:02}/p.parquet", week.year(), week.week());
                lake.put(key, dice.between(90_000, 110_000), monday.at(7 * 24 + 3, 0));
            }
        }
        let watch = Watch::init(&lake, at("2026-12-20T06:00Z"));
        for (now, fires) in
            [("2026-12-29T06:00Z", false), ("2027-01-05T06:00Z", !comes), ("2027-01-12T06:00Z", false)]
        {
            let said = watch.check(at(now));
            let newest = said.report.datasets[0].partitions.first().map(|p| p.partition.to_string());
            let told = newest.as_deref().is_some_and(|newest| said.fires(newest, "Missing"));
            assert_eq!(told, fires, "comes {comes}: {said}");
        }
    }
}

/// In January the writer still has last year in its path and overwrites the folder of the January before.
/// <https://github.com/aws-samples/aws-blog-firehose-custom-prefixes-for-s3-objects/issues/1>
#[test]
fn a_month_under_last_year_is_missing() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(104));
    for (year, month) in (2024..2027).flat_map(|year| (1..=12).map(move |month| (year, month))) {
        let landed = Day::new(&format!("{year}-{month:02}-01")).plus(34).at(0, 0);
        let size = dice.between(95_000, 105_000);
        lake.put(format!("m/year={year}/month={month:02}/p.parquet"), size, landed);
    }
    lake.put("m/year=2026/month=01/p.parquet", 101_000, at("2027-02-04T00:00Z"));
    let watch = Watch::init(&lake, at("2026-12-10T06:00Z"));
    for now in ["2026-12-20T06:00Z", "2027-01-10T06:00Z", "2027-01-31T06:00Z"].map(at) {
        let said = watch.check(now);
        assert_eq!(said.status(), Status::Ok, "{said}; {}", said.notes());
    }
    let said = watch.check(at("2027-02-10T06:00Z"));
    assert!(said.fires_on("2027-01"), "{said}");
}

/// A year of history is loaded at once next to a running feed, which dies two weeks later.
/// <https://github.com/Basekick-Labs/arc/issues/187>
#[test]
fn a_backfill_of_a_year_blinds_nobody() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(106));
    daily(&lake, &mut dice, days("2026-06-01", "2026-09-20"));
    for (n, day) in days("2025-06-01", "2026-06-01").enumerate() {
        let at = Day::new("2026-09-05").at(12, n as i64 / 6);
        lake.put(format!("feed/date={day}/p.parquet"), dice.between(95_000, 105_000), at);
    }
    let watch = Watch::config(&lake, DAILY, at("2026-08-20T06:00Z"));
    quiet(&watch, "2026-08-20", "2026-09-21");
    let said = watch.check(at("2026-09-21T06:00Z"));
    assert!(said.fires("2026-09-20", "Missing"), "{said}");
    let first = Watch::config(&lake, DAILY, at("2026-09-21T06:00Z")).check(at("2026-09-21T06:00Z"));
    assert!(first.fires("2026-09-20", "Missing"), "{first}");
}

/// The last sixty days are recomputed in one night; then the feed dies.
#[test]
fn a_reprocessing_of_two_months_blinds_nobody() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(107));
    daily(&lake, &mut dice, days("2026-05-01", "2026-09-20"));
    for (n, day) in days("2026-07-07", "2026-09-05").enumerate() {
        let size = dice.between(95_000, 105_000);
        lake.put(format!("feed/date={day}/p.parquet"), size, Day::new("2026-09-05").at(20, n as i64));
    }
    let watch = Watch::config(&lake, DAILY, at("2026-08-20T06:00Z"));
    for day in days("2026-08-20", "2026-09-21") {
        let said = watch.check(day.at(6, 0));
        assert!(!said.firing().iter().any(|f| f.critical), "{said}");
    }
    let said = watch.check(at("2026-09-21T06:00Z"));
    assert!(said.fires("2026-09-20", "Missing"), "{said}");
}

/// The lake was copied into a new bucket, so all times are those of the copy. The feed continues, and then dies.
#[test]
fn a_copied_lake_is_unknown_and_not_healthy_until_it_has_a_past() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(108));
    for (n, day) in days("2026-05-01", "2026-08-10").enumerate() {
        let size = dice.between(95_000, 105_000);
        lake.put(format!("feed/date={day}/p.parquet"), size, Day::new("2026-08-10").at(20, n as i64));
    }
    let mut dead_at_once = Watch::config(&lake, DAILY, at("2026-08-11T06:00Z"));
    for day in days("2026-08-14", "2026-08-20") {
        let said = dead_at_once.check(day.at(6, 0));
        assert_ne!(said.status(), Status::Ok, "{said}; {}", said.notes());
    }
    dead_at_once.read(&format!("lake: story\n{DAILY}"), at("2026-08-20T06:00Z"));
    let lake = StoryLake::new();
    for (n, day) in days("2026-05-01", "2026-08-10").enumerate() {
        let size = dice.between(95_000, 105_000);
        lake.put(format!("feed/date={day}/p.parquet"), size, Day::new("2026-08-10").at(20, n as i64));
    }
    daily(&lake, &mut dice, days("2026-08-10", "2026-09-20"));
    let watch = Watch::config(&lake, DAILY, at("2026-08-11T06:00Z"));
    for day in days("2026-08-11", "2026-09-21") {
        let said = watch.check(day.at(6, 0));
        assert_ne!(said.status(), Status::Alarm, "{said}");
    }
    let said = watch.check(at("2026-09-21T06:00Z"));
    assert!(said.fires("2026-09-20", "Missing"), "{said}");
}

/// The writer moves to `sales_v2/`, while `sales/` is still watched.
#[test]
fn a_prefix_that_was_renamed_is_told() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(109));
    for day in days("2026-05-01", "2026-09-20") {
        let name = if day < Day::new("2026-09-01") { "sales" } else { "sales_v2" };
        lake.put(format!("{name}/{day}/p.csv"), dice.between(95_000, 105_000), day.at(26, 0));
    }
    let watch = Watch::init(&lake, at("2026-08-20T06:00Z"));
    quiet(&watch, "2026-08-20", "2026-09-02");
    for day in days("2026-09-02", "2026-09-20") {
        let said = watch.check(day.at(6, 0));
        assert_eq!(said.status(), Status::Alarm, "{said}");
    }
}

/// From one day on, a job writes each day into the folder of the next day.
#[test]
fn a_day_written_under_the_next_is_no_landing() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(110));
    for day in days("2026-05-01", "2026-09-20") {
        let folder = if day < Day::new("2026-09-01") { day } else { day.plus(1) };
        lake.put(format!("feed/date={folder}/p.parquet"), dice.between(95_000, 105_000), day.at(26, 0));
    }
    let watch = Watch::config(&lake, DAILY, at("2026-08-20T06:00Z"));
    quiet(&watch, "2026-08-20", "2026-09-02");
    let said = watch.check(at("2026-09-02T06:00Z"));
    assert!(said.fires_on("2026-09-01"), "{said}");
}

/// Folders named in local time, eight hours ahead, with a config in UTC.
/// <https://github.com/vectordotdev/vector/issues/18081>, <https://github.com/open-telemetry/opentelemetry-collector-contrib/issues/42319>
#[test]
fn hours_that_land_before_they_begin_show_a_wrong_zone() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(111));
    for (day, hour) in days("2026-03-01", "2026-04-20").flat_map(|day| (0..24).map(move |h| (day, h))) {
        let size = dice.between(95_000, 105_000);
        let key = format!("feed/date={day}/hour={hour:02}/p.avro");
        lake.put(key, size, day.at(hour + 1 - 8, 4));
    }
    let yaml = "datasets:\n  feed:\n    path: feed/date={date}/hour={hour}/\n";
    let said = Watch::config(&lake, yaml, at("2026-04-06T00:30Z")).check(at("2026-04-06T00:30Z"));
    let told = format!("{said}; {}", said.notes());
    assert!(told.contains("zone"), "{told}");
}

/// A life cycle rule deletes what is older than thirty days.
/// <https://github.com/ntop/ntopng/issues/6496>
#[test]
fn what_a_retention_deletes_is_not_missed() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(113));
    daily(&lake, &mut dice, days("2026-05-01", "2026-09-20"));
    days("2026-05-01", "2026-09-20")
        .for_each(|day| lake.delete(format!("feed/date={day}/"), day.plus(31).at(0, 0)));
    let watch = Watch::config(&lake, DAILY, at("2026-07-20T06:00Z"));
    quiet(&watch, "2026-07-20", "2026-09-20");
    let said = watch.first_look(at("2026-09-20T06:00Z"));
    assert_eq!(said.status(), Status::Ok, "{said}; {}", said.notes());
}

/// A dataset that started on Monday.
#[test]
fn a_new_dataset_is_unknown_and_its_early_death_is_told() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(114));
    daily(&lake, &mut dice, days("2026-09-07", "2026-09-13"));
    let watch = Watch::config(&lake, DAILY, at("2026-09-08T06:00Z"));
    for day in days("2026-09-08", "2026-09-14") {
        let said = watch.check(day.at(6, 0));
        assert_ne!(said.status(), Status::Alarm, "{said}");
    }
    for day in days("2026-09-17", "2026-09-25") {
        let said = watch.check(day.at(6, 0));
        assert_ne!(said.status(), Status::Ok, "{said}; {}", said.notes());
    }
}

/// The marker that the config names never came.
#[test]
fn a_marker_that_never_came_is_not_healthy() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(115));
    daily(&lake, &mut dice, days("2026-05-01", "2026-09-20"));
    days("2026-05-01", "2026-09-20")
        .for_each(|day| lake.put(format!("feed/date={day}/_SUCCESS"), 0, day.at(26, 30)));
    let yaml = format!("{DAILY}    landed_when: _SUCESS\n");
    let watch = Watch::config(&lake, &yaml, at("2026-08-20T06:00Z"));
    for day in days("2026-08-20", "2026-08-27") {
        let said = watch.check(day.at(6, 0));
        assert_ne!(said.status(), Status::Ok, "{said}; {}", said.notes());
    }
}

/// The user is on holiday for a week, and one day of it never came.
#[test]
fn a_hole_within_a_week_away_is_told() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(116));
    daily(&lake, &mut dice, days("2026-05-01", "2026-09-20").filter(|day| *day != Day::new("2026-09-09")));
    let watch = Watch::config(&lake, DAILY, at("2026-08-20T06:00Z"));
    quiet(&watch, "2026-08-20", "2026-09-08");
    let said = watch.check(at("2026-09-15T06:00Z"));
    assert!(said.fires("2026-09-09", "Missing"), "{said}");
    assert!(watch.first_look(at("2026-09-11T06:00Z")).fires("2026-09-09", "Missing"));
}
