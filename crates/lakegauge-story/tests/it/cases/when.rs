//! Incidents about when a partition lands, and whether it is complete.

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use lakegauge_core::verdict::Status;
use lakegauge_story::{Day, Dice, Said, Sensor, StoryLake, Watch, at, days, init};

/// Stray files of December 2019, left under 2020/12/29 because of the ISO week's year, hide that this day never came.
/// <https://github.com/aws-samples/aws-blog-firehose-custom-prefixes-for-s3-objects/issues/1>
#[test]
fn a_file_of_the_year_before_is_no_landing() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(2));
    let mut put = |day: Day, at| {
        lake.put(format!("events/{}/stream-1.gz", day.form("%Y/%m/%d")), dice.between(90_000, 110_000), at);
    };
    for stray in ["2020-12-29", "2020-12-30", "2020-12-31"].map(Day::new) {
        put(stray, stray.plus(-366).at(24, 20));
    }
    days("2020-09-01", "2020-12-29").for_each(|day| put(day, day.at(24, 20)));
    let watch = Watch::init(&lake, at("2020-12-20T06:00Z"));
    for day in days("2020-12-20", "2020-12-30") {
        let said = watch.check(day.at(6, 0));
        assert_eq!(said.status(), Status::Ok, "{said}");
    }
    let now = at("2020-12-30T06:00Z");
    for said in [watch.first_look(now), watch.check(now), watch.check_partition("2020-12-29", now)] {
        assert!(said.fires_on("2020-12-29"), "{said}");
    }
    assert_ne!(watch.wait("events", "2020-12-29", now), Sensor::Healthy);
}

/// A weekly folder is named by the calendar year with the ISO week: the week of 30 December 2024 is in 2024-W01.
/// <https://github.com/PostHog/posthog/pull/40168>
#[test]
fn a_week_under_the_wrong_year_is_missing() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(6));
    for monday in days("2024-01-01", "2025-01-27").step_by(7) {
        let (year, week) = (monday.0.year(), monday.0.iso_week_date().week());
        let key = format!("weekly/{year}-W{week:02}/part-0.parquet");
        lake.put(key, dice.between(90_000, 110_000), monday.at(7 * 24 + 3, 0));
    }
    let watch = Watch::init(&lake, at("2024-12-25T06:00Z"));
    let said = watch.check(at("2025-01-07T06:00Z"));
    assert!(said.fires("2025-W01", "Missing"), "{said}");
    let said = watch.check(at("2025-01-14T06:00Z"));
    assert!(!said.fires_on("2025-W02"), "{said}");
}

/// A copy tool works in the order of names, so `_SUCCESS` arrives before the data.
/// <https://github.com/snowplow/snowplow/issues/1808>
#[test]
fn a_marker_that_was_copied_first_is_not_believed() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(9));
    for day in days("2026-09-01", "2026-11-01") {
        lake.put(format!("good/date={day}/_SUCCESS"), 0, day.at(26, 0));
        for i in 0..10 {
            let size = dice.between(9_500, 10_500);
            lake.put(format!("good/date={day}/part-{i}.gz"), size, day.at(26, 2 + 2 * i));
        }
    }
    let watch = Watch::init(&lake, at("2026-10-20T12:00Z"));
    days("2026-10-21", "2026-10-26").for_each(|day| {
        let said = watch.check(day.at(6, 0));
        assert_eq!(said.status(), Status::Ok, "{said}");
    });
    for (hours, minutes) in [(25, 30), (26, 3), (26, 9), (26, 15)] {
        let now = Day::new("2026-10-25").at(hours, minutes);
        let said = watch.check(now);
        assert_ne!(said.status(), Status::Alarm, "{said}");
        assert_ne!(said.state("2026-10-25"), Some("landed"), "{said}");
        assert_eq!(watch.wait("good", "2026-10-25", now), Sensor::Waits, "{now}");
    }
    for now in ["2026-10-26T02:40Z", "2026-10-26T06:00Z"].map(at) {
        let said = watch.check(now);
        assert_eq!(said.status(), Status::Ok, "{said}");
        assert_eq!(watch.wait("good", "2026-10-25", now), Sensor::Healthy, "{now}");
    }
}

/// Hours after a partition has landed with its marker, a rerun empties it and writes it again next to the old marker.
/// <https://github.com/snowplow/snowplow/issues/1808>, <https://github.com/apache/airflow/pull/9817>
#[test]
fn a_rerun_beside_its_old_marker_is_not_healthy_while_it_writes() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(10));
    let mut write = |day: Day, hours: i64, run: &str| {
        for i in 0..10 {
            let key = format!("good/date={day}/part-{run}-{i}.gz");
            lake.put(key, dice.between(9_500, 10_500), day.at(hours, 2 * i));
        }
        lake.put(format!("good/date={day}/_SUCCESS"), 0, day.at(hours, 25));
    };
    days("2026-09-01", "2026-10-26").for_each(|day| write(day, 26, "a"));
    let rerun = Day::new("2026-10-25");
    write(rerun, 30, "b");
    (0..10).for_each(|i| lake.delete(format!("good/date={rerun}/part-a-{i}.gz"), rerun.at(29, 59)));
    let watch = Watch::init(&lake, at("2026-10-20T12:00Z"));
    let said = watch.check(rerun.at(27, 0));
    assert_eq!(said.status(), Status::Ok, "{said}");
    let said = watch.check(rerun.at(30, 1));
    assert_eq!(said.status(), Status::Alarm, "{said}");
    assert_ne!(watch.wait("good", "2026-10-25", rerun.at(30, 1)), Sensor::Healthy);
    let said = watch.check(rerun.at(31, 0));
    assert!(said.firing().iter().all(|f| f.metric == "Rewritten" && !f.critical), "{said}");
}

/// Hours in local time: one is skipped in spring, another has twice the data in autumn, and Cairo skips midnight.
/// <https://github.com/confluentinc/kafka-connect-storage-cloud/issues/375>, <https://github.com/pgpartman/pg_partman/issues/334>
#[test]
fn nights_on_which_the_clocks_change_are_quiet() {
    let check = |zone: &str, from: &str, until: &str, looks: [&str; 2]| {
        let (lake, mut dice) = (StoryLake::new(), Dice::new(12));
        let of = TimeZone::get(zone).unwrap();
        let (mut hour, end) = (at(from), at(until));
        while hour < end {
            let folder = hour.to_zoned(of.clone()).strftime("year=%Y/month=%m/day=%d/hour=%H").to_string();
            let key = format!("feed/{folder}/part-{}.avro", hour.as_second());
            lake.put(key, dice.between(95_000, 105_000), hour + SignedDuration::from_mins(64));
            hour += SignedDuration::from_hours(1);
        }
        let path = "feed/year={year}/month={month}/day={day}/hour={hour}/";
        let yaml = format!("timezone: {zone}\ndatasets:\n  feed:\n    path: {path}\n    due: +1h20m\n");
        let [mut now, last] = looks.map(at);
        let watch = Watch::config(&lake, &yaml, now);
        while now < last {
            let said = watch.check(now);
            assert_eq!(said.status(), Status::Ok, "{zone}: {said}");
            now += SignedDuration::from_mins(30);
        }
    };
    check("Europe/Berlin", "2026-03-01", "2026-03-30", ["2026-03-28T21:30Z", "2026-03-29T07:00Z"]);
    check("Africa/Cairo", "2026-04-01", "2026-04-26", ["2026-04-23T18:30Z", "2026-04-24T03:00Z"]);
    check("Europe/Berlin", "2026-09-28", "2026-10-27", ["2026-10-24T21:30Z", "2026-10-25T07:00Z"]);
}

/// A sync runs every hour and adds a file to the folder of the current day.
/// <https://github.com/airbytehq/airbyte/issues/7587>, <https://github.com/confluentinc/kafka-connect-storage-cloud/issues/529>
#[test]
fn a_day_that_a_sync_fills_is_arriving_until_it_is_over() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(13));
    for (day, hour) in days("2026-09-01", "2026-10-31").flat_map(|day| (0..24).map(move |h| (day, h))) {
        let key = format!("cdc/orders/{}/{}_{hour:02}.csv", day.form("%Y/%m/%d"), day.form("%Y_%m_%d"));
        lake.put(key, dice.between(9_000, 11_000), day.at(hour + 1, 2));
    }
    let watch = Watch::init(&lake, at("2026-10-27T03:00Z"));
    let mut now = at("2026-10-27T03:40Z");
    while now < at("2026-10-30T03:00Z") {
        let said = watch.check(now);
        assert_eq!(said.status(), Status::Ok, "{said}");
        now += SignedDuration::from_hours(1);
    }
    for now in ["2026-10-30T12:40Z", "2026-10-30T22:40Z"].map(at) {
        assert_eq!(watch.wait("cdc_orders", "2026-10-30", now), Sensor::Waits, "{now}");
    }
    let later = at("2026-10-31T03:00Z");
    assert_eq!(watch.wait("cdc_orders", "2026-10-30", later), Sensor::Healthy);
}

/// A cost export rewrites the folder of the current month every day, and the previous month's on the first three days.
/// <https://github.com/project-koku/koku/issues/968>, <https://github.com/JGrubb/open-finops-stack/issues/3>
#[test]
fn a_month_that_is_rewritten_daily_is_quiet_until_it_stops() {
    let lake = StoryLake::new();
    for day in days("2025-01-01", "2026-11-06") {
        let mut months = vec![day.0.first_of_month(), day.plus(-3).0.first_of_month()];
        months.dedup();
        for month in months {
            let whole = i64::from(month.days_in_month());
            let so_far = whole.min(day.since(Day(month)) + 1) as u64;
            let growth = (i64::from(month.year()) - 2025) * 8_000 + i64::from(month.month()) * 700;
            let folder = Day(month).form("BILLING_PERIOD=%Y-%m");
            let size = so_far * 100_000 + growth as u64;
            lake.put(format!("cur/data/{folder}/cur-00001.snappy.parquet"), size, day.at(9, 12));
            let size = 3_000 + month.month() as u64;
            lake.put(format!("cur/metadata/{folder}/cur-Manifest.json"), size, day.at(9, 12));
        }
    }
    let watch = Watch::init(&lake, at("2026-10-01T10:00Z"));
    for day in days("2026-10-01", "2026-11-06") {
        let said = watch.check(day.at(10, 0));
        assert_eq!(said.status(), Status::Ok, "{said}");
    }
    let said = watch.check(at("2026-12-15T10:00Z"));
    assert_eq!(said.status(), Status::Alarm, "{said}");
}

/// A source is loaded on Tuesdays and Fridays. One Friday is missing, and one Tuesday is a day off.
/// <https://github.com/dbt-labs/dbt-core/issues/4450>, <https://github.com/dbt-labs/dbt-core/issues/10963>
#[test]
fn a_feed_of_two_weekdays_is_owed_on_those_and_not_on_a_day_off() {
    const DAY_OFF: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n\
                           DTSTART;VALUE=DATE:20261027\r\nSUMMARY:Day off\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let (lake, mut dice) = (StoryLake::new(), Dice::new(28));
    let missed = ["2026-10-23", "2026-10-27"].map(Day::new);
    for day in days("2026-06-01", "2026-11-05").filter(|day| !missed.contains(day)) {
        if matches!(day.weekday().to_monday_one_offset(), 2 | 5) {
            let at = day.at(16, dice.between(0, 30) as i64);
            lake.put(format!("src/load_date={day}/f.csv"), dice.between(95_000, 105_000), at);
        }
    }
    let learned = init(&lake, at("2026-10-17T12:00Z"));
    let off = learned.replacen("\ndatasets:", "\ncalendar: [off.ics]\ndatasets:", 1);
    let [without, with] =
        [&learned, &off].map(|yaml| Watch::of(&lake, yaml, &[("off.ics", DAY_OFF)], at("2026-10-17T12:00Z")));
    for day in days("2026-10-19", "2026-10-28") {
        let evening = day.at(20, 0);
        let (without, with) = (without.check(evening), with.check(evening));
        for said in [&without, &with] {
            let expect = day >= missed[0];
            assert!(said.fires("2026-10-23", "Missing") || !expect || day > missed[0], "{said}");
            assert!(expect || said.status() == Status::Ok, "{said}");
        }
        if day == missed[1] {
            assert!(without.fires("2026-10-27", "Missing"), "{without}");
            assert!(!with.fires_on("2026-10-27"), "{with}");
        }
    }
}

/// A nightly job writes the 24 hours of the day before at once (another job 12 hours, a third the 7 days of its week),
/// and dies.
/// <https://github.com/mozilla/telemetry-airflow/pull/406>, <https://github.com/dagster-io/dagster/pull/18022>
#[test]
fn the_death_of_a_batch_that_writes_many_partitions_is_told() {
    let check = |hours: i64, watched: bool| {
        let (lake, mut dice) = (StoryLake::new(), Dice::new(37));
        let mut put = |key: String, at| lake.put(key, dice.between(95_000, 105_000), at);
        let (first, stop) = match hours {
            0 => ("2026-04-06", "2026-10-19"),
            _ => ("2026-08-25", "2026-10-25"),
        };
        for day in days(first, stop) {
            for hour in 0..if hours == 0 { 0 } else { 24 } {
                let ready = if hours == 24 { 27 } else { 1 + 12 * (hour / 12 + 1) };
                put(format!("ev/date={day}/hour={hour:02}/p.parquet"), day.at(ready, hour));
            }
            if hours == 0 {
                let nth = i64::from(day.weekday().to_monday_zero_offset());
                put(format!("ev/date={day}/p.parquet"), day.at(24 * (7 - nth) + 4, 2 * nth));
            }
        }
        let stop = Day::new(stop);
        let begin = stop.plus(if hours == 0 { -20 } else { -10 }).at(6, 0);
        let watch = Watch::init(&lake, begin);
        let mut now = begin;
        while watched && now < stop.at(5, 0) {
            let said = watch.check(now);
            assert_eq!(said.status(), Status::Ok, "before the death of {hours}: {said}");
            now += SignedDuration::from_hours(6);
        }
        let looks = if hours == 0 { [7, 9] } else { [1, 2] };
        let looks = looks.map(|n| watch.check(stop.plus(n).at(30, 0)));
        let told = looks.iter().any(|said| said.status() == Status::Alarm);
        assert!(told, "{hours} hours at once, watched {watched}: {} | {}", looks[0], looks[1]);
    };
    for hours in [24, 12, 0] {
        check(hours, true);
        check(hours, false);
    }
}

/// An object written a minute ago has a time two hours from now, because the file server's clock is ahead.
/// <https://github.com/treeverse/lakeFS/issues/1190>, <https://github.com/projecthorus/sondehub-infra/issues/102>
#[test]
fn what_a_store_dates_ahead_is_there() {
    let (lake, mut dice) = (StoryLake::new(), Dice::new(44));
    let now = at("2026-11-25T12:00Z");
    for day in days("2026-09-27", "2026-11-25") {
        let newest = day == Day::new("2026-11-24");
        let (written, dated) = match newest {
            true => (now - SignedDuration::from_mins(1), now + SignedDuration::from_hours(2)),
            false => (day.at(25, 0), day.at(25, 0)),
        };
        lake.put_dated(format!("a/date={day}/p.csv"), dice.between(9_500, 10_500), written, dated);
    }
    let yaml = "datasets:\n  a: { path: \"a/date={date}/\", due: +1d 00:05 }\n";
    let said: Said = Watch::config(&lake, yaml, now).check(now);
    let seen =
        matches!(said.state("2026-11-24"), Some("landed" | "arriving")) || said.notes().contains("clock");
    assert!(seen && !said.fires("2026-11-24", "Missing"), "{said}; {}", said.notes());
}
