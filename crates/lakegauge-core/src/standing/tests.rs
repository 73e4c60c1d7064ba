use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::*;
use crate::alarm::{Bounds, Severity, State};
use crate::lifecycle::PartitionState;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::verdict::{AlarmReport, PartitionReport};

fn at(look: usize) -> Timestamp {
    Timestamp::from_second(60 * look as i64).unwrap()
}

/// A report from its short form: `11-21 Missing:ALARM Late:OK`.
fn report(line: &str) -> PartitionReport {
    let (day, alarms) = line.split_once(' ').unwrap();
    let alarm = |word: &str| {
        let (metric, state) = word.split_once(':').unwrap();
        AlarmReport {
            metric: metric.parse().unwrap(),
            state: match state {
                "ALARM" => State::Alarm,
                "OK" => State::Ok,
                "?" => State::InsufficientData,
                _ => unreachable!("{state}"),
            },
            severity: Severity::Critical,
            observed: None,
            expected: Bounds::default(),
            reason: word.to_owned(),
            notice: false,
            continuing: None,
            since: None,
        }
    };
    PartitionReport {
        partition: Partition::parse(&format!("2026-{day}")).unwrap(),
        state: PartitionState::Landed,
        landed_at: None,
        due_at: None,
        metrics: BTreeMap::new(),
        mark: None,
        alarms: alarms.split(' ').map(alarm).collect(),
    }
}

/// Advances through the looks, one line each, with its partitions (newest first) between commas. A partition with `~` is
/// judged but not told, and one with `!` is not seen. Returns what each look changed.
fn told(looks: &[&str]) -> String {
    let (mut standing, mut said) = (Standing::default(), String::new());
    for (n, look) in looks.iter().enumerate() {
        let lines: Vec<&str> = look.split(", ").filter(|line| !line.is_empty()).collect();
        let with = |sign: char| -> BTreeSet<Partition> {
            let lines = lines.iter().filter(|line| line.starts_with(sign));
            lines.map(|line| report(line.trim_start_matches(sign)).partition).collect()
        };
        let (untold, unseen) = (with('~'), with('!'));
        let reports: Vec<PartitionReport> =
            lines.iter().map(|line| report(line.trim_start_matches(['~', '!']))).collect();
        let told = reports.iter().map(|r| r.partition).filter(|p| !untold.contains(p)).collect();
        let saw = |partition| !unseen.contains(&partition);
        let is_whole = unseen.is_empty();
        let (next, changes) =
            standing.advance(&Look { reports: &reports, told: &told, saw: &saw, is_whole }, at(n));
        assert!(changes.iter().all(|change| change.at == at(n)));
        let words = changes.iter().map(|c| {
            let partition = c.partition.map_or("dataset".to_owned(), |p| p.to_string());
            format!("{partition} {} {:?}", c.metric, c.why)
        });
        said.push_str(&format!("{n}: {}\n", words.collect::<Vec<_>>().join(", ")));
        standing = next;
    }
    let raised = standing.raised().iter().map(|r| format!("{} since {}", r.reason, r.since.as_second() / 60));
    format!("{said}{}", raised.collect::<Vec<_>>().join(", "))
}

#[test]
fn a_missing_day_stays_until_it_comes() {
    let looks = [
        "11-21 Missing:OK",
        "11-22 Missing:ALARM, ~11-21 Missing:OK",
        "11-23 Missing:OK, 11-22 Missing:ALARM",
        "11-24 Missing:OK, 11-22 Missing:ALARM, ~11-23 Missing:OK",
        "11-24 Missing:OK, ~11-23 Missing:OK, ~11-22 Missing:OK",
        "11-25 Missing:OK",
    ];
    insta::assert_snapshot!(told(&looks), @r"
    0: 
    1: 2026-11-22 Missing Raised
    2: 2026-11-22 Missing Stays
    3: 2026-11-22 Missing Stays
    4: 2026-11-22 Missing Cleared
    5:
    ");
}

#[test]
fn every_end_has_its_reason() {
    let both = "11-22 Missing:OK TotalFileSize:ALARM";
    let end = |look: &str| told(&[both, look]).lines().nth(1).unwrap().to_owned();
    insta::assert_snapshot!([
        end("11-22 Missing:OK TotalFileSize:ALARM"),
        end("11-23 Missing:OK TotalFileSize:OK, !11-22 Missing:OK TotalFileSize:OK"),
        end("11-22 Missing:OK TotalFileSize:?"),
        end("11-22 Missing:OK TotalFileSize:OK"),
        end("11-23 Missing:OK TotalFileSize:OK, ~11-22 Missing:OK TotalFileSize:ALARM"),
        end("11-22 Missing:OK"),
        end("11-23 Missing:OK TotalFileSize:OK"),
        end("!11-23 Missing:OK TotalFileSize:OK"),
        end(""),
    ].join("\n"), @"
    1: 2026-11-22 TotalFileSize Stays
    1: 2026-11-22 TotalFileSize Unseen
    1: 2026-11-22 TotalFileSize Unseen
    1: 2026-11-22 TotalFileSize Cleared
    1: 2026-11-22 TotalFileSize Accepted
    1: 2026-11-22 TotalFileSize NoRule
    1: 2026-11-22 TotalFileSize TooOld
    1: 2026-11-22 TotalFileSize Unseen
    1: 2026-11-22 TotalFileSize TooOld
    ");
}

#[test]
fn an_alarm_of_the_dataset_is_one_alarm_whatever_its_partition() {
    let looks = [
        "11-21 Freshness:ALARM",
        "11-22 Freshness:ALARM, 11-21 Freshness:ALARM",
        "11-23 Freshness:OK, 11-22 Freshness:OK",
    ];
    insta::assert_snapshot!(told(&looks), @"
    0: dataset Freshness Raised
    1: dataset Freshness Stays
    2: dataset Freshness Cleared
    ");
}

#[test]
fn since_is_the_look_that_raised_it() {
    let looks = ["11-21 Late:ALARM", "11-21 Late:ALARM Rewritten:ALARM", "!11-21 Late:OK Rewritten:OK"];
    insta::assert_snapshot!(told(&looks), @"
    0: 2026-11-21 Late Raised
    1: 2026-11-21 Late Stays, 2026-11-21 Rewritten Raised
    2: 2026-11-21 Late Unseen, 2026-11-21 Rewritten Unseen
    Late:ALARM since 0, Rewritten:ALARM since 1
    ");
}

#[test]
fn a_rule_keeps_its_state_while_any_partition_is_in_alarm() {
    let reports = [report("11-22 Missing:OK Late:?"), report("11-21 Missing:ALARM Late:OK")];
    let told = reports.iter().map(|r| r.partition).collect();
    let look = Look { reports: &reports, told: &told, saw: &|_| true, is_whole: true };
    let (standing, _) = Standing::default().advance(&look, at(0));
    assert_eq!(standing.state(Metric::Missing), State::Alarm);
    assert_eq!(standing.state(Metric::Late), State::InsufficientData);
    assert_eq!(standing.since(reports[1].partition, Metric::Missing), Some(at(0)));
    assert_eq!(standing.since(reports[0].partition, Metric::Missing), None);
}
