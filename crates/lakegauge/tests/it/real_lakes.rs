//! Real lakes: the histories of public feeds, written as partitions with their true sizes and times, and checked on
//! days with labelled incidents and on healthy days around them. The configs contain paths and time zones; every
//! deadline and every band is learned.

use std::fs;
use std::path::Path;

use lakegauge_core::partition::Partition;

use crate::harness::{Desk, at};

/// A history of `data/series/raw`, and the layout of its lake.
struct Feed {
    name: &'static str,
    zone: &'static str,
    path: &'static str,
}

const fn daily(name: &'static str, zone: &'static str) -> Feed {
    Feed { name, zone, path: "date={date}/" }
}

const GITHUB: Feed = daily("github_trending", "UTC");
const ITALY: Feed = daily("italy_regioni", "Europe/Rome");
const RKI: Feed = daily("rki_bundeslaender", "Europe/Berlin");
const ZHIHU: Feed = daily("zhihu_daily", "Asia/Shanghai");
const HOURLY: Feed = Feed { name: "zhihu_hourly", zone: "Asia/Shanghai", path: "dt={date}/hour={hour}/" };

/// Before all of them.
const BEGINNING: &str = "2010-01-01T00:00:00Z";

impl Feed {
    /// Writes what arrived since `since` and until `until`.
    fn lay(&self, desk: &Desk, since: &str, until: &str) {
        let range = at(since)..=at(until);
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../data/series/raw")
            .join(format!("{}.csv", self.name));
        for line in fs::read_to_string(file).unwrap().lines().skip(1) {
            let mut fields = line.split(',');
            let mut next = || fields.next().unwrap();
            let (partition, arrived, bytes) = (next(), at(next()), next());
            if range.contains(&arrived) {
                desk.lay(&self.key(partition), bytes.parse().unwrap(), arrived);
            }
        }
    }

    fn key(&self, partition: &str) -> String {
        let (date, hour) = (&partition[..10], partition.get(11..13).unwrap_or_default());
        let folder = self.path.replace("{date}", date).replace("{hour}", hour);
        format!("{}/{folder}data.csv", self.name)
    }

    fn config(&self) -> String {
        let Feed { name, zone, path } = self;
        format!("lake: lake\ntimezone: {zone}\ndatasets:\n  {name}:\n    path: {name}/{path}\n")
    }
}

/// Checks `feed` at each time: either nothing is in alarm, or the named partition on the named metric.
fn replay(feed: &Feed, until: &str, looks: &[(&str, Option<(&str, &str)>)]) {
    let desk = Desk::new();
    feed.lay(&desk, BEGINNING, until);
    desk.config(&feed.config());
    let wrong: Vec<String> = looks
        .iter()
        .filter_map(|(now, expect)| {
            let run = desk.run(&["check", "--format", "json", "--now", now]);
            let found = alarms(&run.json());
            let right = match expect {
                None => run.code == Some(0) && found.is_empty(),
                Some((partition, metric)) => {
                    run.code == Some(1)
                        && found.iter().any(|(p, m, _)| (p.as_str(), m.as_str()) == (*partition, *metric))
                }
            };
            (!right).then(|| format!("{now}: {expect:?} expected, code {:?}, {found:#?}", run.code))
        })
        .collect();
    assert!(wrong.is_empty(), "{}: {}", feed.name, wrong.join("\n"));
}

/// Partition, metric and reason of everything in alarm.
fn alarms(report: &serde_json::Value) -> Vec<(String, String, String)> {
    let partitions = report["datasets"][0]["partitions"].as_array().unwrap();
    let mut found = Vec::new();
    for partition in partitions {
        assert!(partition["partition"].as_str().and_then(Partition::parse).is_some());
        for alarm in partition["alarms"].as_array().unwrap() {
            if alarm["state"] == "ALARM" {
                let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
                found.push((text(&partition["partition"]), text(&alarm["metric"]), text(&alarm["reason"])));
            }
        }
    }
    found
}

#[test]
fn pages_without_rows_and_outages() {
    let looks = [
        ("2017-12-29T18:00:00Z", None),
        // Files that contain only a header.
        ("2017-12-30T18:00:00Z", Some(("2017-12-30", "TotalFileSize"))),
        // It is reported for the number of partitions in `look_back`.
        ("2017-12-31T18:00:00Z", Some(("2017-12-30", "TotalFileSize"))),
        ("2018-01-09T18:00:00Z", None),
        ("2018-04-09T12:00:00Z", None),
        ("2018-04-10T18:00:00Z", Some(("2018-04-10", "Missing"))),
        // Yesterday's gap is still reported, and no longer once newer days have come.
        ("2018-04-11T12:00:00Z", Some(("2018-04-10", "Missing"))),
        ("2018-04-15T18:00:00Z", None),
        // The schedule moved from 02:00 to 07:05 at the end of May, for good.
        ("2018-06-12T12:00:00Z", None),
        ("2019-02-04T18:00:00Z", None),
        // The third day of an outage of six.
        ("2019-02-07T18:00:00Z", Some(("2019-02-07", "Missing"))),
        ("2019-06-11T18:00:00Z", None),
        // The second of five empty days.
        ("2019-06-13T18:00:00Z", Some(("2019-06-13", "TotalFileSize"))),
        // The last of them is reported for the number of partitions in `look_back`.
        ("2019-06-18T18:00:00Z", Some(("2019-06-16", "TotalFileSize"))),
        ("2019-06-20T18:00:00Z", None),
        ("2019-09-23T18:00:00Z", None),
        // The eighth day of an outage of twenty-one.
        ("2019-10-01T18:00:00Z", Some(("2019-10-01", "Missing"))),
    ];
    replay(&GITHUB, "2019-12-31T00:00:00Z", &looks);
}

#[test]
fn a_file_forgotten_for_years_and_one_that_was_late() {
    let looks = [
        // A Sunday: none is published.
        ("2021-10-24T18:00:00Z", None),
        ("2021-10-25T18:00:00Z", None),
        ("2021-10-26T18:00:00Z", Some(("2021-10-26", "Missing"))),
        ("2021-10-30T18:00:00Z", None),
        ("2022-09-08T12:00:00Z", None),
        // It came at 16:03.
        ("2022-09-09T12:00:00Z", Some(("2022-09-09", "Missing"))),
        ("2022-09-09T18:00:00Z", None),
        ("2022-09-10T12:00:00Z", None),
        // Sundays again: it is still known that none is published.
        ("2022-03-06T18:00:00Z", None),
        ("2022-05-08T18:00:00Z", None),
        ("2022-06-19T18:00:00Z", None),
        ("2022-09-11T18:00:00Z", None),
    ];
    replay(&RKI, "2022-12-31T00:00:00Z", &looks);
}

#[test]
fn half_a_day_and_holidays() {
    let looks = [
        ("2021-02-12T12:00:00Z", None),
        // The runner was down for 19 hours.
        ("2021-02-14T12:00:00Z", Some(("2021-02-13", "TotalFileSize"))),
        ("2021-02-15T12:00:00Z", Some(("2021-02-13", "TotalFileSize"))),
        ("2021-02-20T12:00:00Z", None),
        // The National Day week.
        ("2021-10-04T12:00:00Z", None),
        ("2021-10-12T12:00:00Z", None),
    ];
    replay(&ZHIHU, "2021-12-31T00:00:00Z", &looks);
}

#[test]
fn hours_of_an_outage() {
    let looks = [
        // An empty file in the morning.
        ("2021-02-12T06:40:00Z", Some(("2021-02-12T07", "TotalFileSize"))),
        // 11:00 in Shanghai: nothing has come since 04:00.
        ("2021-02-13T03:30:00Z", Some(("2021-02-13T10", "Missing"))),
        ("2021-02-13T09:30:00Z", Some(("2021-02-13T16", "Missing"))),
        // The hours of the outage stay reported.
        ("2021-02-14T06:40:00Z", Some(("2021-02-13T22", "Missing"))),
        // Two hours of that day never came.
        ("2021-03-03T09:40:00Z", Some(("2021-03-03T13", "Missing"))),
    ];
    replay(&HOURLY, "2021-03-05T00:00:00Z", &looks);
}

#[test]
fn a_summer_of_ordinary_days() {
    let looks = [
        ("2021-06-01T20:00:00Z", None),
        ("2021-07-04T20:00:00Z", None),
        ("2021-08-15T20:00:00Z", None),
        // Five days after the end of summer time, when it comes an hour later by UTC.
        ("2021-11-05T20:00:00Z", None),
    ];
    replay(&ITALY, "2021-12-31T00:00:00Z", &looks);
}

#[test]
fn init_finds_the_feeds() {
    let desk = Desk::new();
    let now = "2021-10-27T12:00:00Z";
    for feed in [GITHUB, ITALY, RKI, ZHIHU] {
        feed.lay(&desk, BEGINNING, now);
    }
    // Seven weeks of hours; three years of them would be ten times as many files as everything else.
    HOURLY.lay(&desk, "2021-09-08T00:00:00Z", now);
    insta::assert_snapshot!("init", desk.run(&["init", "lake", "-o", "-", "--now", now]).ends(0));
    desk.run(&["init", "lake", "--now", now]).ends(0);
    insta::assert_snapshot!("init_validates", desk.run(&["validate", "--now", now]).ends(0));
    insta::assert_snapshot!("init_check", desk.run(&["check", "--now", now]));
}
