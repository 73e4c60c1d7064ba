use std::collections::BTreeMap;

use super::*;
use crate::about::About;
use crate::alarm::{Bounds, Severity, State};
use crate::lifecycle::PartitionState;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::verdict::{AlarmReport, DatasetReport, PartitionReport, Status};

fn alarm(metric: Metric, observed: f64) -> AlarmReport {
    AlarmReport {
        metric,
        state: State::Alarm,
        severity: Severity::Critical,
        observed: Some(observed),
        expected: Bounds { low: Some(10.0), high: Some(20.0) },
        reason: String::new(),
        notice: false,
        continuing: None,
        since: None,
    }
}

/// A dataset with its partitions, each with its metrics in alarm and their observed values.
fn dataset(name: &str, partitions: &[(&str, &[(Metric, f64)])]) -> DatasetReport {
    let partition = |(name, alarms): &(&str, &[(Metric, f64)])| PartitionReport {
        partition: Partition::parse(name).unwrap(),
        state: PartitionState::Landed,
        landed_at: None,
        due_at: None,
        metrics: BTreeMap::new(),
        mark: None,
        alarms: alarms.iter().map(|(metric, observed)| alarm(*metric, *observed)).collect(),
    };
    DatasetReport {
        dataset: name.to_owned(),
        status: Status::Alarm,
        partitions: partitions.iter().map(partition).collect(),
        gaps: Vec::new(),
        freshness: None,
        list_requests: 0,
        notes: Vec::new(),
        about: About::default(),
    }
}

const SMALL: &[(Metric, f64)] = &[(Metric::TotalFileSize, 5.0), (Metric::ObjectCount, 2.0)];
const LARGE: &[(Metric, f64)] = &[(Metric::TotalFileSize, 50.0)];
const MISSING: &[(Metric, f64)] = &[(Metric::Missing, 1.0)];
const LATE: &[(Metric, f64)] = &[(Metric::Late, 1.0)];
const CHANGED: &[(Metric, f64)] = &[(Metric::Rewritten, 1.0), (Metric::Shrunk, 5.0)];

#[test]
fn many_alarms_of_one_kind_and_day_have_a_common_cause() {
    let check = |datasets: &[(&str, &[(Metric, f64)])], expect: &[&str]| {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let reports: Vec<DatasetReport> =
            names.iter().zip(datasets).map(|(name, partition)| dataset(name, &[*partition])).collect();
        let reasons: Vec<String> = common_causes(&reports).into_iter().map(|i| i.reason).collect();
        assert_eq!(reasons, expect, "{datasets:?}");
    };
    let (day, fine) = ("2026-11-21", ("2026-11-21", &[][..]));
    check(&[(day, SMALL); 2], &[]);
    check(&[(day, SMALL); 3], &["3 of 3 datasets are too small (partition 2026-11-21): a, b, c"]);
    // A third of those judged.
    check(
        &[&[(day, SMALL); 3][..], &[fine; 6]].concat(),
        &["3 of 9 datasets are too small (partition 2026-11-21): a, b, c"],
    );
    check(&[&[(day, SMALL); 3][..], &[fine; 7]].concat(), &[]);
    // Other days and other kinds do not count.
    check(&[(day, SMALL), (day, SMALL), ("2026-11-20", SMALL)], &[]);
    check(&[(day, SMALL), (day, SMALL), (day, LARGE)], &[]);
    check(&[(day, LARGE); 3], &["3 of 3 datasets are too large (partition 2026-11-21): a, b, c"]);
    check(
        &[(day, MISSING), (day, LATE), (day, LATE)],
        &["3 of 3 datasets have not arrived on time (partition 2026-11-21): a, b, c"],
    );
    check(
        &[(day, CHANGED); 4],
        &["4 of 4 datasets were changed after landing (partition 2026-11-21): a, b, c, d"],
    );
    // Periods that end on one day belong together: a Saturday, an hour of Sunday, a week.
    check(
        &[(day, LATE), ("2026-11-22T03", LATE), (day, MISSING)],
        &["3 of 3 datasets have not arrived on time (partitions that end on Sun 22 Nov): a, b, c"],
    );
}

#[test]
fn a_dataset_counts_once() {
    let hours: [(&str, &[(Metric, f64)]); 3] =
        [("2026-11-21T05", MISSING), ("2026-11-21T04", MISSING), ("2026-11-21T03", MISSING)];
    assert_eq!(common_causes(&[dataset("a", &hours)]), []);
    let found = common_causes(&[dataset("a", &hours), dataset("b", &hours), dataset("c", &hours[1..])]);
    assert_eq!(found.len(), 1);
    let named: Vec<String> =
        found[0].datasets.iter().map(|a| format!("{} {}", a.dataset, a.partition)).collect();
    assert_eq!(named, ["a 2026-11-21T05", "b 2026-11-21T05", "c 2026-11-21T04"]);
    assert_eq!((found[0].kind, found[0].judged), (CommonCauseKind::NotThere, 3));
}
