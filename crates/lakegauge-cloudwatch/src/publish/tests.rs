use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lakegauge_core::alarm::{Against, Bounds, Limit, Margin, Rule, Severity, State};
use lakegauge_core::calendar::Calendar;
use lakegauge_core::dataset::{Dataset, default_rules};
use lakegauge_core::layout::Layout;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::standing::{Look, Standing};
use lakegauge_core::verdict::{AlarmReport, PartitionReport};

use super::*;

fn dataset(name: &str, path: &str, rules: Vec<Rule>) -> Dataset {
    Dataset { rules: rules.into(), ..Dataset::new(name, Layout::parse(path).unwrap()) }
}

fn original() -> Naming {
    Naming::Original(Place { bucket: "acme-lake".to_owned(), prefix: "refined/".to_owned() })
}

/// `Name Dimension=value …`, one line per metric.
fn told(dataset: &Dataset, naming: &Naming) -> Vec<String> {
    let line = |p: &Published| {
        let dimensions = p.dimensions.iter().map(|d| format!(" {}={}", d.name, d.value));
        format!("{} {:?}{}", p.name, p.unit, dimensions.collect::<String>())
    };
    published(dataset, naming).iter().map(line).collect()
}

#[test]
fn a_dataset_posts_what_its_alarms_need() {
    let check = |name: &str, path: &str, rules: Vec<Rule>, naming: &Naming, expect: &[&str]| {
        assert_eq!(told(&dataset(name, path, rules), naming), expect);
    };
    let sales = ("kpi_sales", "kpi/sales/date={date}/");
    check(
        sales.0,
        sales.1,
        default_rules(),
        &Naming::Lakegauge,
        &[
            "Missing Count Dataset=kpi_sales",
            "Late Count Dataset=kpi_sales",
            "Stale Count Dataset=kpi_sales",
            "OutsideBand Count Dataset=kpi_sales Metric=TotalFileSize",
            "OutsideBand Count Dataset=kpi_sales Metric=ObjectCount",
            "Rejected Count Dataset=kpi_sales",
            "Shrunk Bytes Dataset=kpi_sales",
            "Rewritten Count Dataset=kpi_sales",
            "OutsideBand Count Dataset=kpi_sales Metric=MissingParts",
            "OutsideBand Count Dataset=kpi_sales Metric=Identical",
            "OutsideBand Count Dataset=kpi_sales Metric=EmptyObjects",
        ],
    );
    let size = || vec![Rule::new(Metric::TotalFileSize, Limit::at_least(195_000.0))];
    let first_design =
        "TotalFileSize Bytes BucketName=acme-lake Key=refined/kpi/sales/ FunctionName=file_size_check";
    check(sales.0, sales.1, size(), &Naming::Lakegauge, &["TotalFileSize Bytes Dataset=kpi_sales"]);
    check(sales.0, sales.1, size(), &original(), &[first_design]);
    let near = Limit::Within { margin: Margin::Relative(0.5), against: Against::PreviousGood };
    let near = || vec![Rule::new(Metric::TotalFileSizeChange, near.clone())];
    let change = "OutsideBand Count Dataset=kpi_sales Metric=TotalFileSizeChange";
    check(sales.0, sales.1, near(), &original(), &[change, first_design]);
    check(sales.0, sales.1, Vec::new(), &Naming::Lakegauge, &[]);
    // Whatever splits there are, the metrics are known in advance.
    let split = ["OutsideBand Count Dataset=s Metric=TotalFileSize"];
    check("s[eu]", "s/region={region}/{date}/", size(), &Naming::Lakegauge, &split);
}

fn report(
    state: PartitionState,
    metrics: &[(Metric, f64)],
    alarms: &[(Metric, State, Option<f64>)],
) -> PartitionReport {
    let alarm = |(metric, state, observed): &(Metric, State, Option<f64>)| AlarmReport {
        metric: *metric,
        state: *state,
        severity: Severity::Critical,
        observed: *observed,
        expected: Bounds::default(),
        reason: String::new(),
        notice: false,
        continuing: None,
        since: (*state == State::Alarm).then_some(Timestamp::UNIX_EPOCH),
    };
    PartitionReport {
        partition: Partition::parse("2026-11-21").unwrap(),
        state,
        landed_at: None,
        due_at: None,
        metrics: metrics.iter().copied().collect::<BTreeMap<_, _>>(),
        mark: None,
        alarms: alarms.iter().map(alarm).collect(),
    }
}

#[test]
fn values_are_those_that_were_judged() {
    let at = "2026-11-22T04:30:00Z".parse().unwrap();
    let check = |rule: Rule, report: PartitionReport, expect: &[f64]| {
        let calendar = Calendar::parse("every-day").unwrap();
        let of = Dataset { calendar, ..dataset("t", "t/{date}/", vec![rule]) };
        let got = data(&published(&of, &Naming::Lakegauge), &report, &Shown::default(), at);
        assert_eq!(got.iter().map(|d| d.value).collect::<Vec<_>>(), expect);
        assert!(got.iter().all(|d| d.at == at));
    };
    use PartitionState::{Landed, Late};
    let size = |limit| Rule::new(Metric::TotalFileSize, limit);
    let of_size = |state, observed| [(Metric::TotalFileSize, state, observed)];
    let measured = [(Metric::TotalFileSize, 7.0)];
    check(size(Limit::at_least(9.0)), report(Landed, &measured, &of_size(State::Alarm, Some(7.0))), &[7.0]);
    // What has been written so far is not a size.
    check(size(Limit::at_least(9.0)), report(Late, &measured, &of_size(State::InsufficientData, None)), &[]);
    let twice = Rule { evaluation_periods: 2, datapoints_to_alarm: 2, ..size(Limit::at_least(9.0)) };
    check(twice.clone(), report(Landed, &measured, &of_size(State::Ok, Some(12.0))), &[7.0]);
    check(twice, report(Late, &measured, &of_size(State::Ok, Some(12.0))), &[]);
    check(size(Limit::Learned), report(Landed, &measured, &of_size(State::Alarm, Some(7.0))), &[1.0]);
    check(size(Limit::Learned), report(Landed, &measured, &of_size(State::Ok, Some(7.0))), &[0.0]);
    check(size(Limit::Learned), report(Landed, &measured, &of_size(State::InsufficientData, None)), &[]);
    // What could not be seen may be wrong: neither 0 nor 1.
    let doubtful = PartitionReport {
        alarms: vec![AlarmReport {
            since: None,
            ..report(Late, &[], &of_size(State::Alarm, None)).alarms[0].clone()
        }],
        ..report(Late, &[], &[])
    };
    check(size(Limit::Learned), doubtful, &[]);
    check(size(Limit::at_most(9.0)), report(Landed, &[], &of_size(State::Ok, Some(f64::NAN))), &[]);
    // What a person accepted was written again, and is no alarm.
    let rewritten = || Rule::new(Metric::Rewritten, Limit::at_most(0.0));
    let accepted = [(Metric::Rewritten, State::Ok, Some(1.0))];
    check(rewritten(), report(Landed, &[], &accepted), &[0.0]);
    check(rewritten(), report(Landed, &[], &[(Metric::Rewritten, State::Alarm, Some(1.0))]), &[1.0]);
}

/// What is wrong after a first look with this report.
fn standing(report: &PartitionReport) -> Standing {
    let told = BTreeSet::from([report.partition]);
    let look = Look { reports: std::slice::from_ref(report), told: &told, saw: &|_| true, is_whole: true };
    Standing::default().advance(&look, Timestamp::UNIX_EPOCH).0
}

#[test]
fn an_alarm_stands_as_long_as_anything_is_wrong() {
    let at = |second: i64| jiff::Timestamp::from_second(1_795_300_000 + second).unwrap();
    let missing = Rule::new(Metric::Missing, Limit::at_most(0.0));
    let of = dataset("t", "t/region={region}/{date}/", vec![missing]);
    let metrics = published(&of, &Naming::Lakegauge);
    let told =
        |state, observed| report(PartitionState::Landed, &[], &[(Metric::Missing, state, Some(observed))]);
    let (wrong, right) = (told(State::Alarm, 1.0), told(State::Ok, 0.0));
    let [raised, none] = [&wrong, &right].map(standing);
    let shown = |before: &Standing, after: &Standing, last: i64, elsewhere: &[Metric]| {
        Shown::of(before, after, Some(at(last)), &elsewhere.iter().copied().collect())
    };
    let check = |shown: &Shown, report: &PartitionReport, now: i64, expect: (f64, i64)| {
        let got = data(&metrics, report, shown, at(now));
        assert_eq!(
            got.iter().map(|d| (d.value, d.at)).collect::<Vec<_>>(),
            [(expect.0, at(expect.1))],
            "{now}"
        );
    };
    check(&Shown::default(), &right, 7, (0.0, 7));
    check(&shown(&none, &none, 7, &[]), &right, 8, (0.0, 8));
    let rises = shown(&none, &raised, 8, &[]);
    check(&rises, &right, 9, (1.0, 9));
    check(&shown(&raised, &raised, 8, &[]), &right, 9, (1.0, 9));
    check(&shown(&none, &none, 8, &[Metric::Missing]), &right, 9, (1.0, 9));
    // There is no 0 in the minute of a 1; 1,795,300,000 is its 40th second.
    let clears = shown(&raised, &none, 8, &[]);
    check(&clears, &right, 13, (0.0, 20));
    check(&clears, &right, 21, (0.0, 21));
    let elsewhere = shown(&raised, &none, 8, &[Metric::Missing]);
    check(&elsewhere, &right, 12, (1.0, 12));
    for (shown, expect) in [(&rises, true), (&clears, true), (&elsewhere, true), (&Shown::default(), false)] {
        assert_eq!(shown.changes(&metrics), expect, "{shown:?}");
    }
    assert!(!shown(&raised, &raised, 8, &[]).changes(&metrics));
}

#[test]
fn dimensions_are_ascii() {
    let check = |name: &str, expect: &str| {
        let of = dataset(name, "t/{date}/", vec![Rule::new(Metric::Missing, Limit::at_most(0.0))]);
        assert_eq!(told(&of, &Naming::Lakegauge), [format!("Missing Count Dataset={expect}")]);
    };
    check("kpi/sales 100%", "kpi/sales 100%");
    check("ventes_été", "ventes_%C3%A9t%C3%A9");
}
