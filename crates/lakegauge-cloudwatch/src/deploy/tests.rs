use lakegauge_config::{self as config, Surroundings};
use lakegauge_core::dataset::Dataset;

use super::*;
use crate::publish::Naming;

fn dataset(entry: &str) -> Dataset {
    let entry: String = entry.lines().map(|line| format!("    {}\n", line.trim())).collect();
    let text = format!("lake: s3://l/p\ndatasets:\n  t:\n{entry}");
    let read = |_: &str| Err(String::new());
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    let loaded = config::load(&text, Surroundings { read: &read, now });
    loaded.config.unwrap_or_else(|| panic!("{:?}", loaded.problems)).datasets.remove(0)
}

#[test]
fn a_deadline_is_a_schedule_in_its_zone() {
    let check = |entry: &str, expect: Option<(&str, &str, &str)>| {
        let found = schedule(&dataset(entry));
        let found = found.as_ref().map(|s| (s.key.as_str(), s.cron.as_str(), s.zone.as_str()));
        assert_eq!(found, expect, "{entry}");
    };
    check("path: t/{date}/", None);
    check("path: t/{date}/\ndue: +1d 04:30", Some(("utc-0430", "cron(30 4 * * ? *)", "UTC")));
    let london = Some(("europe-london-0430", "cron(30 4 * * ? *)", "Europe/London"));
    check("path: t/{date}/\ntimezone: Europe/London\ndue: +1d 04:30:15", london);
    check("path: t/{date}/\ndue: +26h", Some(("utc-0200", "cron(0 2 * * ? *)", "UTC")));
    check("path: t/{date}/{hour}/\ndue: +1h20m", Some(("utc-hourly-20", "cron(20 * * * ? *)", "UTC")));
    check("path: t/{date}/{hour}/\ndue: +0d 23:00", Some(("utc-2300", "cron(0 23 * * ? *)", "UTC")));
}

/// `key: metric statistic comparison threshold, M of N × period, missing`, one line per alarm.
fn told(entry: &str) -> Vec<String> {
    let line = |a: MetricAlarm| {
        let (m, n, period) = (a.datapoints_to_alarm, a.evaluation_periods, a.period);
        let how = format!("{} {} {}", a.statistic, a.comparison, a.threshold);
        format!(
            "{}: {} {how}, {m} of {n} × {period}, {:?} | {}",
            a.key, a.metric.name, a.missing_data, a.meaning
        )
    };
    alarms(&dataset(entry), &Naming::Lakegauge).into_iter().map(line).collect()
}

#[test]
fn every_rule_is_an_alarm() {
    let only = |alarm: &str, date: &str| {
        let off = "Missing: off, Late: off, ObjectCount: off, Shrunk: off, Rewritten: off";
        told(&format!("path: \"t/{date}/\"\nalarms: {{ {off}, {alarm} }}"))
    };
    let of = "TotalFileSize: { at_least: 195kB, datapoints_to_alarm: 2, evaluation_periods: 3, missing_data: breaching }";
    let counted = "TotalFileSize: { at_least: 195kB, datapoints_to_alarm: 2, evaluation_periods: 3 }, Missing: off, Late: off, ObjectCount: off, Shrunk: off, Rewritten: off";
    let all = [
        told("path: t/{date}/"),
        only(
            "TotalFileSize: { at_least: 195kB, at_most: 1GB }, TotalFileSizeChange: { within: 50% }",
            "{date}",
        ),
        only(of, "{date}"),
        // `missing_data` is about a partition without a value, not about the time between two partitions: lakegauge
        // judges it.
        only(
            "TotalFileSize: { at_least: 195kB, missing_data: breaching }, LandingDelay: { at_most: 5h, missing_data: ignore }",
            "{date}",
        ),
        // Every CloudWatch period has a partition, so CloudWatch counts.
        told(&format!("path: \"t/{{date}}/\"\ncalendar: every-day\nalarms: {{ {counted} }}")),
        // Three weeks are more than CloudWatch can count, so lakegauge counts and posts the result.
        only(of, "{date:%G-W%V}"),
    ];
    insta::assert_snapshot!(all.map(|lines| lines.join("\n")).join("\n\n"));
}
