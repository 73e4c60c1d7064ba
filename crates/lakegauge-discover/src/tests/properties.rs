//! Whatever keys a lake has, the config that is written for it loads and reads them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lakegauge_config::{self as config, Surroundings};
use lakegauge_core::layout::Layout;
use lakegauge_core::partition::{Cadence, Partition};
use proptest::prelude::*;

use super::NOW;
use crate::{Standing, Survey, render};

proptest! {
    #[test]
    fn any_keys_make_a_config(keys in proptest::collection::vec("([a-c]{0,2}/|date=|2026-11-2[0-9]|2026|/1?[0-9]/|\\PC|\n|[{}*%_.]){0,8}", 0..40)) {
        let mut survey = Survey::new();
        for (i, key) in keys.iter().enumerate() {
            survey.push(key, 5, Timestamp::from_second(1_795_000_000 + i as i64 * 9_000).unwrap());
        }
        let discovery = survey.finish(NOW.parse().unwrap());
        let yaml = render(&discovery, "memory://", None);
        let around = Surroundings { read: &|_| Err(String::new()), now: discovery.now };
        let loaded = config::load(&yaml, around);
        let watched: Vec<_> = discovery.datasets.iter().filter(|found| found.standing == Standing::Active).collect();
        if watched.is_empty() {
            prop_assert!(loaded.problems.len() <= 1, "{:?}\n{}", loaded.problems, yaml);
            return Ok(());
        }
        let datasets = match loaded.config {
            Some(config) => config.datasets,
            None => return Err(TestCaseError::fail(format!("{:?}\n{yaml}", loaded.problems))),
        };
        let paths: Vec<_> = datasets.iter().map(|dataset| (&dataset.name, &dataset.layout)).collect();
        let expect: Vec<_> = watched.iter().map(|found| (&found.name, &found.layout)).collect();
        prop_assert_eq!(paths, expect, "{}", yaml);
    }

    /// Whatever the layout, the resulting template reads every key that was pushed.
    #[test]
    fn layouts_come_back(index in 0usize..12, from in 0i64..900, count in 3i64..60, base in "[a-z]{1,6}(/[a-z_]{1,6}){0,2}") {
        let templates = [
            "date={date}/", "DT={date:%Y%m%d}/", "{year}/{month}/{day}/", "year={year}/month={month:%-m}/day={day:%-d}/",
            "y={year}/m={month}/d={day}/h={hour}/", "{date:%Y%m%d%H}/", "{date:%G-W%V}/", "year={year}/week={week}/",
            "month={date:%Y-%m}/", "{year}/{month}/", "sales_{date}.csv", "load_date={date:%Y_%m_%d}/",
        ];
        let layout = Layout::parse(&format!("{base}/{}", templates[index])).unwrap();
        let first = Partition::containing(jiff::civil::date(2018, 1, 1).at(0, 0, 0, 0), layout.cadence()).offset(from);
        // Long enough that the hours are not all midnight, and recent enough to go on.
        let count = if layout.cadence() == Cadence::Hourly { count + 24 } else { count };
        let mut survey = Survey::new();
        for by in 0..count {
            let p = first.offset(by);
            let key = layout.prefix(p, &[]).unwrap() + if layout.is_flat() { "" } else { "part-0.parquet" };
            survey.push(&key, 7, p.end_in(&TimeZone::UTC) + SignedDuration::from_mins(40));
        }
        let now = first.offset(count).end_in(&TimeZone::UTC);
        let discovery = survey.finish(now);
        prop_assert_eq!(discovery.datasets.len(), 1, "{:?}", discovery);
        let found = &discovery.datasets[0];
        prop_assert_eq!(&found.standing, &Standing::Active);
        prop_assert_eq!((found.first, found.last), (first, first.offset(count - 1)));
        prop_assert_eq!(found.partitions, count as u64);
        prop_assert_eq!(found.layout.cadence(), layout.cadence());
        for by in 0..count {
            let key = layout.prefix(first.offset(by), &[]).unwrap() + if layout.is_flat() { "" } else { "x" };
            prop_assert_eq!(found.layout.locate(&key).map(|l| l.partition), Some(first.offset(by)));
        }
    }

    #[test]
    fn what_is_written_is_read_back(
        folder in "[ -~]{1,12}|null|~|yes|[.]nan|0x1f|1e3|[a-z\u{e9}\u{202e}\u{85}\u{9b}#:{}\\[\\]&*!|>'\"%@`,?-]{1,6}",
        lake in "/[ -~]{0,20}",
    ) {
        let mut survey = Survey::new();
        for day in 1..=21 {
            let at = format!("2026-11-{day:02}T23:00:00Z").parse().unwrap();
            survey.push(&format!("{folder}/date=2026-11-{day:02}/part-0"), 90_000, at);
        }
        let found = survey.finish(NOW.parse().unwrap());
        let yaml = render(&found, &lake, None);
        let read = |_: &str| Err(String::new());
        let loaded = config::load(&yaml, Surroundings { read: &read, now: NOW.parse().unwrap() });
        let active = found.datasets.iter().filter(|found| found.standing == Standing::Active);
        let expect: Vec<String> = active.map(|found| format!("{} {}", found.name, found.layout)).collect();
        if !expect.is_empty() {
            prop_assert!(loaded.config.is_some(), "{yaml}\n{:?}", loaded.problems);
            let config = loaded.config.unwrap();
            let read: Vec<String> = config.datasets.iter().map(|d| format!("{} {}", d.name, d.layout)).collect();
            prop_assert_eq!(read, expect);
            prop_assert_eq!(config.lake, lake);
        }
    }
}
