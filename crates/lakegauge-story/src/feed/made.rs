//! Made-up feeds without incidents: every alarm on them is false.

use std::collections::BTreeSet;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};
use lakegauge_core::partition::Cadence;

use super::sinks::{LAST, Sink};
use super::watched::{Feed, usual_pace};
use crate::day::{Day, days};
use crate::dice::Dice;

/// Every made-up feed.
pub fn made() -> Vec<Feed> {
    [hourly(), syncs(), calendars(), batches(), markers(), volumes(), long_periods()]
        .into_iter()
        .flatten()
        .collect()
}

/// Watched from the middle of February; hourly feeds in March and April.
fn feed(name: &str, cadence: Cadence, sink: Sink) -> Feed {
    let (from, until) = match cadence {
        Cadence::Hourly => (Day::new("2026-03-16"), Day::new("2026-04-10")),
        _ => (Day::new("2026-02-15"), Day::new("2026-06-20")),
    };
    Feed {
        name: name.to_owned(),
        lake: sink.lake,
        yaml: None,
        cadence,
        from: from.at(6, 0),
        until: until.at(6, 0),
        every: usual_pace(cadence),
        excused: Vec::new(),
        absent: BTreeSet::new(),
    }
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn usual(_: Day, dice: &mut Dice) -> u64 {
    dice.about(1e6, 0.04)
}

/// A level that depends on the hour of the day.
fn curve(hour: i64) -> f64 {
    1e6 * (1.0 + 0.6 * ((hour as f64 - 15.0) / 24.0 * std::f64::consts::TAU).cos())
}

fn flat(_: i64) -> f64 {
    1e6
}

fn local(feed: Feed, zone: &str, path: &str) -> Feed {
    Feed { yaml: Some(format!("timezone: {zone}\ndatasets:\n  feed:\n    path: feed/{path}\n")), ..feed }
}

fn hourly() -> Vec<Feed> {
    let made = |name: &str, seed, minutes: &[i64], bytes: fn(i64) -> f64| {
        let mut sink = Sink::new(seed);
        sink.hourly(&TimeZone::UTC, minutes, bytes);
        feed(name, Cadence::Hourly, sink)
    };
    let in_zone = |name: &str, seed, of: &str| {
        let mut sink = Sink::new(seed);
        sink.hourly(&zone(of), &[63], curve);
        local(feed(name, Cadence::Hourly, sink), of, "date={date}/hour={hour}/")
    };
    let mut business = Sink::new(5);
    for (day, hour) in business.hours().filter(|(day, hour)| !day.is_weekend() && (8..18).contains(hour)) {
        let at = day.at(hour + 1, business.dice.between(3, 9) as i64);
        let size = business.dice.about(1e6, 0.08);
        business.files(&format!("feed/date={day}/hour={hour:02}/"), 2, size, at);
    }
    let mut late_events = Sink::new(6);
    for (day, hour) in late_events.hours() {
        let folder = format!("feed/date={day}/hour={hour:02}/");
        let size = late_events.dice.about(1e6, 0.08);
        late_events.files(&folder, 3, size, day.at(hour + 1, 4));
        for n in 1..=3 {
            if late_events.dice.percent(40) {
                let at = day.at(hour + 1 + n, late_events.dice.between(5, 50) as i64);
                late_events.lake.put(format!("{folder}late-{n}.gz"), 900 + n as u64, at);
            }
        }
    }
    vec![
        made("hourly, after the hour", 1, &[63], flat),
        made("hourly, with the hour of the day", 2, &[64], curve),
        made("hourly sink, a file every 20 minutes", 3, &[20, 40, 61], flat),
        made("hourly sink, a file every 12 minutes", 4, &[12, 24, 36, 48, 61], curve),
        feed("hourly, business hours", Cadence::Hourly, business),
        feed("hourly, late events", Cadence::Hourly, late_events),
        in_zone("hourly, New York", 7, "America/New_York"),
        in_zone("hourly, Berlin", 8, "Europe/Berlin"),
    ]
}

fn syncs() -> Vec<Feed> {
    let into_the_day = |name: &str, seed, every: i64| {
        let mut sink = Sink::new(seed);
        for (day, n) in sink.days().flat_map(|day| (1..=24 / every).map(move |n| (day, n * every))) {
            let size = sink.dice.about(1e5, 0.1);
            sink.lake.put(format!("feed/{}/{n:02}.csv", day.form("%Y/%m/%d")), size, day.at(n, 2));
        }
        feed(name, Cadence::Daily, sink)
    };
    let mut compacted = Sink::new(12);
    for day in compacted.days() {
        let folder = format!("feed/date={day}/");
        for n in 0..7 {
            let size = compacted.dice.between(15_000, 15_800);
            compacted.lake.put(format!("{folder}small-{n}.gz"), size, day.at(24, n));
        }
        compacted.lake.delete(folder.as_str(), day.at(28, 59));
        for n in 0..3 {
            let size = compacted.dice.between(34_700, 35_600);
            compacted.lake.put(format!("{folder}merged-{n}.gz"), size, day.at(29, n));
        }
    }
    let mut regions = Sink::new(13);
    for day in regions.days() {
        for region in ["apac", "emea", "latam", "na"] {
            let at = day.at(25, regions.dice.between(0, 40) as i64);
            let size = regions.dice.about(1e6, 0.05);
            regions.files(&format!("feed/date={day}/region={region}/"), 2, size, at);
        }
    }
    vec![
        into_the_day("hourly sync into a daily folder", 10, 1),
        into_the_day("sync every 4 hours into a daily folder", 11, 4),
        feed("compaction every night", Cadence::Daily, compacted),
        feed("four regions a day", Cadence::Daily, regions),
    ]
}

fn calendars() -> Vec<Feed> {
    let made = |name: &str, seed, came: fn(Day) -> bool| {
        let mut sink = Sink::new(seed);
        sink.daily(&TimeZone::UTC, 26, 15, usual, came);
        feed(name, Cadence::Daily, sink)
    };
    let in_zone = |name: &str, seed, of: &str| {
        let mut sink = Sink::new(seed);
        sink.daily(&zone(of), 28, 20, usual, |_| true);
        local(feed(name, Cadence::Daily, sink), of, "date={date}/")
    };
    let mut person = Sink::new(25);
    for day in person.days().filter(|day| !day.is_weekend()) {
        let tomorrow = person.dice.percent(8) && day.weekday() != Weekday::Friday;
        let hours = person.dice.between(9, 17) as i64 + if tomorrow { 24 } else { 0 };
        let at = day.at(hours, person.dice.between(0, 59) as i64);
        let size = person.dice.about(1e5, 0.1);
        person.lake.put(format!("feed/date={day}/upload.xlsx"), size, at);
    }
    let mut month_ends = Sink::new(23);
    for day in days("2025-01-01", LAST).filter(|day| day.plus(1).0.month() != day.0.month()) {
        let (size, at) =
            (month_ends.dice.about(1e6, 0.04), day.at(26, month_ends.dice.between(0, 30) as i64));
        month_ends.lake.put(format!("feed/date={day}/part-0.gz"), size, at);
    }
    let mut wild = Sink::new(26);
    wild.daily(&TimeZone::UTC, 25, 4 * 60, usual, |_| true);
    vec![
        made("every day", 20, |_| true),
        made("weekdays", 21, |day| !day.is_weekend()),
        made("Tuesdays and Fridays", 22, |d| matches!(d.weekday(), Weekday::Tuesday | Weekday::Friday)),
        feed("month ends", Cadence::Daily, month_ends),
        made("Mondays to Saturdays", 24, |day| day.weekday() != Weekday::Sunday),
        feed("uploaded by a person on weekdays", Cadence::Daily, person),
        feed("any time within eight hours", Cadence::Daily, wild),
        in_zone("daily, Berlin", 27, "Europe/Berlin"),
        in_zone("daily, New York", 28, "America/New_York"),
        in_zone("daily, Kolkata", 29, "Asia/Kolkata"),
    ]
}

fn batches() -> Vec<Feed> {
    let hours_at_once = |name: &str, seed, batch: i64| {
        let mut sink = Sink::new(seed);
        for (day, hour) in sink.hours() {
            let at = day.at((hour / batch + 1) * batch + 3, hour % batch);
            let size = sink.dice.about(1e6, 0.05);
            sink.lake.put(format!("feed/date={day}/hour={hour:02}/p.parquet"), size, at);
        }
        feed(name, Cadence::Hourly, sink)
    };
    let mut week = Sink::new(32);
    for day in week.days() {
        let of_week = i64::from(day.weekday().to_monday_zero_offset());
        let size = week.dice.about(1e6, 0.05);
        week.lake.put(
            format!("feed/date={day}/p.parquet"),
            size,
            day.at(24 * (7 - of_week) + 4, 2 * of_week),
        );
    }
    let mut outage = Sink::new(33);
    let (dead, back) = (Day::new("2026-04-14"), Day::new("2026-04-17"));
    for day in outage.days() {
        let at = if (dead..back).contains(&day) { back.at(33, day.since(dead)) } else { day.at(26, 5) };
        let size = outage.dice.about(1e6, 0.05);
        outage.lake.put(format!("feed/date={day}/p.parquet"), size, at);
    }
    let mut ahead = Sink::new(34);
    for day in ahead.days() {
        let size = ahead.dice.about(1e6, 0.05);
        let at = day.plus(-7).at(5, ahead.dice.between(0, 30) as i64);
        ahead.lake.put(format!("feed/date={day}/forecast.grib"), size, at);
    }
    let mut rewritten = Sink::new(35);
    for day in rewritten.days() {
        // Each of the last seven days is written again with late data.
        for again in 0..7 {
            let size = (1e6 * (1.0 - 0.1 / f64::from(again + 1) + 0.01 * rewritten.dice.normal())) as u64;
            let at = day.plus(i64::from(again)).at(26, 10 + i64::from(again));
            rewritten.lake.put(format!("feed/date={day}/p.parquet"), size, at);
        }
    }
    let outage = feed("an outage of three days", Cadence::Daily, outage);
    vec![
        hours_at_once("24 hours at once, nightly", 30, 24),
        hours_at_once("12 hours at once", 31, 12),
        feed("7 days at once, weekly", Cadence::Daily, week),
        Feed { excused: vec![(dead.0, back.0)], ..outage },
        feed("forecasts a week ahead", Cadence::Daily, ahead),
        feed("the last week written again every night", Cadence::Daily, rewritten),
    ]
}

fn markers() -> Vec<Feed> {
    let marked = |name: &str, seed, first: bool| {
        let mut sink = Sink::new(seed);
        for day in sink.days() {
            let folder = format!("feed/date={day}/");
            let at = day.at(26, sink.dice.between(0, 30) as i64);
            let size = sink.dice.about(1e6, 0.04);
            sink.files(&folder, 10, size, at + SignedDuration::from_mins(6));
            let marker = if first { at } else { at + SignedDuration::from_mins(8) };
            sink.lake.put(format!("{folder}_SUCCESS"), 0, marker);
        }
        feed(name, Cadence::Daily, sink)
    };
    let mut root = Sink::new(42);
    for day in root.days() {
        let at = day.at(27, root.dice.between(0, 20) as i64);
        let size = root.dice.about(1e6, 0.04);
        root.files(&format!("feed/date={day}/"), 3, size, at);
        root.lake.put(format!("feed/done/{day}.ok"), 0, at + SignedDuration::from_mins(12));
    }
    let yaml = "datasets:\n  feed:\n    path: feed/date={date}/\n    landed_when: \"root:done/{date}.ok\"\n";
    vec![
        marked("a marker after the data", 40, false),
        marked("a marker before the data", 41, true),
        Feed { yaml: Some(yaml.to_owned()), ..feed("a marker at the root", Cadence::Daily, root) },
    ]
}

fn volumes() -> Vec<Feed> {
    let made = |name: &str, seed, bytes: fn(Day, &mut Dice) -> u64| {
        let mut sink = Sink::new(seed);
        sink.daily(&TimeZone::UTC, 26, 15, bytes, |_| true);
        feed(name, Cadence::Daily, sink)
    };
    let mut counts = Sink::new(54);
    for day in counts.days() {
        let (n, size) = (counts.dice.between(3, 12), counts.dice.about(1e6, 0.05));
        let at = day.at(26, counts.dice.between(0, 30) as i64);
        counts.files(&format!("feed/date={day}/"), n, size, at);
    }
    vec![
        made("a tenth on Sundays", 50, |day, dice| {
            dice.about(if day.weekday() == Weekday::Sunday { 1e5 } else { 1e6 }, 0.05)
        }),
        made("double on the 15th", 51, |day, dice| {
            dice.about(if day.0.day() == 15 { 2e6 } else { 1e6 }, 0.05)
        }),
        made("growing", 52, |day, dice| {
            dice.about(1e6 + 6e3 * day.since(Day::new("2026-01-01")) as f64, 0.03)
        }),
        made("noisy", 53, |_, dice| (1e6 * (0.4 * dice.normal()).exp()) as u64),
        feed("any number of files", Cadence::Daily, counts),
    ]
}

fn long_periods() -> Vec<Feed> {
    let mut weekly = Sink::new(60);
    let mut monthly = Sink::new(61);
    let bill = Sink::new(62);
    for day in days("2024-01-01", LAST) {
        if day.weekday() == Weekday::Monday {
            let week = day.0.iso_week_date();
            let at = day.at(7 * 24 + 3, weekly.dice.between(0, 50) as i64);
            let size = weekly.dice.about(1e6, 0.05);
            weekly.lake.put(format!("feed/{:04}-W{:02}/p.parquet", week.year(), week.week()), size, at);
        }
        if day.0.day() == 1 {
            let size = monthly.dice.about(1e6, 0.04);
            let at = day
                .plus(i64::from(day.0.days_in_month()))
                .at(24 * monthly.dice.between(1, 3) as i64, monthly.dice.between(0, 300) as i64);
            monthly.lake.put(format!("feed/{}/p.parquet", day.form("%Y-%m")), size, at);
        }
        // The cost export: the current month, and the previous one on the first three days of the month.
        let mut months = vec![day.0.first_of_month()];
        if day.0.day() <= 3 {
            months.push(day.0.first_of_month().checked_sub(1.month()).unwrap());
        }
        for month in months {
            let length = i64::from(month.days_in_month());
            let so_far = (day.since(Day(month)) + 1).min(length) as f64;
            let size = (so_far * 1e5 * (1.0 + 0.01 * f64::from(month.month()))) as u64;
            let folder = Day(month).form("feed/BILLING_PERIOD=%Y-%m");
            bill.lake.put(format!("{folder}/cur-00001.parquet"), size, day.at(9, 12));
        }
    }
    vec![
        feed("weekly", Cadence::Weekly, weekly),
        feed("monthly", Cadence::Monthly, monthly),
        feed("a month written again every day", Cadence::Monthly, bill),
    ]
}
