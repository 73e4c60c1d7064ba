use jiff::Timestamp;

use super::*;
use crate::about::About;
use crate::alarm::{Bounds, Severity, State};
use crate::dataset::Dataset;
use crate::layout::Layout;
use crate::lifecycle::PartitionState;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::remedy::{Airflow, Api, Remedy};
use crate::verdict::{AlarmReport, PartitionReport};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn alarm(metric: Metric, state: State) -> AlarmReport {
    AlarmReport {
        metric,
        state,
        severity: Severity::Critical,
        observed: Some(121_340.0),
        expected: Bounds { low: Some(195_000.0), high: None },
        reason: "121 kB landed; at least 195 kB expected".to_owned(),
        notice: false,
        continuing: None,
        since: (state == State::Alarm).then_some(Timestamp::UNIX_EPOCH),
    }
}

fn report() -> PartitionReport {
    PartitionReport {
        partition: Partition::parse("2026-11-21").unwrap(),
        state: PartitionState::Landed,
        landed_at: Some(at("2026-11-22T04:12:09Z")),
        due_at: Some(at("2026-11-22T04:30:00Z")),
        metrics: [(Metric::TotalFileSize, 121_340.0), (Metric::ObjectCount, 9.0)].into(),
        mark: None,
        alarms: vec![
            alarm(Metric::Missing, State::Ok),
            alarm(Metric::TotalFileSize, State::Alarm),
            alarm(Metric::ObjectCount, State::Alarm),
            alarm(Metric::Shrunk, State::InsufficientData),
        ],
    }
}

fn dataset(remedy: Option<Remedy>) -> Dataset {
    let layout = Layout::parse("kpi/sales/date={date}/").unwrap();
    let about = About { owner: Some("data-team".to_owned()), runbook: None };
    Dataset { remedy, about, ..Dataset::new("kpi_sales", layout) }
}

#[test]
fn each_alarm_and_target_has_a_run() {
    let airflow = Airflow {
        url: "https://airflow.example".to_owned(),
        dag: "rerun".to_owned(),
        secret: "arn:aws:ssm:eu-west-2:1:parameter/airflow".to_owned(),
        api: Api::V2,
    };
    let function = Some("arn:aws:lambda:eu-west-2:1:function:rerun".to_owned());
    let both = Remedy { function: function.clone(), airflow: Some(airflow), metrics: Vec::new() };
    let size = Remedy { function, airflow: None, metrics: vec![Metric::TotalFileSize, Metric::Missing] };
    let check = |remedy: Option<Remedy>, expect: &[(Target, Metric)]| {
        let runs = remedy_runs(&dataset(remedy), &report(), at("2026-11-22T04:13:00Z"));
        let runs: Vec<_> = runs.iter().map(|run| (run.target, run.evidence.metric)).collect();
        assert_eq!(runs, expect);
    };
    check(None, &[]);
    check(Some(size), &[(Target::Function, Metric::TotalFileSize)]);
    let all = [Metric::TotalFileSize, Metric::ObjectCount]
        .map(|metric| [(Target::Function, metric), (Target::Airflow, metric)]);
    check(Some(both), &all.concat());
}

#[test]
fn the_evidence_is_the_published_form() {
    let remedy = Remedy { function: Some("arn".to_owned()), ..Remedy::default() };
    let runs = remedy_runs(&dataset(Some(remedy)), &report(), at("2026-11-22T04:13:00Z"));
    insta::assert_json_snapshot!(runs[0].evidence.document());
    let text = serde_json::to_string(&runs[0]).unwrap();
    assert_eq!(serde_json::from_str::<RemedyRun>(&text).unwrap(), runs[0]);
}

#[test]
fn an_incident_has_one_name() {
    let day = Partition::parse("2026-11-21T05").unwrap();
    let check = |dataset: &str, expect: &str| {
        let id = run_id(dataset, day, Metric::Late);
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "_.~:+-".contains(c)), "{id}");
        assert_eq!(id, expect);
    };
    check("kpi_sales", "lakegauge__kpi_sales__2026-11-21T05__Late");
    check("kpi/sales[eu,é]", "lakegauge__kpi-sales-eu---~3919dd5a__2026-11-21T05__Late");
    assert_ne!(run_id("a/b", day, Metric::Late), run_id("a-b", day, Metric::Late));
}
