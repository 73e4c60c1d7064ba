use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::about::About;
use lakegauge_core::alarm::{Bounds, Limit, Rule, Severity, State};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::explanation::{Due, Expected, Explanation, Why};
use lakegauge_core::judge::Point;
use lakegauge_core::layout::Layout;
use lakegauge_core::lifecycle::{Completion, CompletionRule, PartitionState};
use lakegauge_core::metric::Metric;
use lakegauge_core::observation::{Gap, GapKind};
use lakegauge_core::partition::Partition;
use lakegauge_core::verdict::{AlarmReport, DatasetReport, PartitionReport, Report, Status};

use super::explain::{Explained, Look};
use super::{Options, Past, Recent, explain, json, junit, plot, text};

const NOW: &str = "2026-11-22T05:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn p(name: &str) -> Partition {
    Partition::parse(name).unwrap()
}

fn alarm(metric: Metric, state: State, observed: f64, edges: (f64, f64), reason: &str) -> AlarmReport {
    let expected = lakegauge_core::alarm::Bounds { low: Some(edges.0), high: Some(edges.1) };
    AlarmReport {
        metric,
        state,
        severity: Severity::Critical,
        observed: Some(observed),
        expected,
        reason: reason.to_owned(),
        notice: false,
        continuing: None,
        since: None,
    }
}

fn partition(name: &str, state: PartitionState, landed: Option<&str>, bytes: Option<f64>) -> PartitionReport {
    PartitionReport {
        partition: p(name),
        state,
        landed_at: landed.map(at),
        due_at: Some(at("2026-11-22T04:30:00Z")),
        mark: None,
        metrics: bytes.map(|b| (Metric::TotalFileSize, b)).into_iter().collect(),
        alarms: Vec::new(),
    }
}

fn dataset(name: &str, status: Status, partitions: Vec<PartitionReport>) -> DatasetReport {
    DatasetReport {
        dataset: name.to_owned(),
        status,
        partitions,
        gaps: Vec::new(),
        freshness: Some(18_000.0),
        list_requests: 3,
        notes: Vec::new(),
        about: About::default(),
    }
}

fn healthy() -> DatasetReport {
    let landed = partition("2026-11-21", PartitionState::Landed, Some("2026-11-22T03:58:40Z"), Some(2.1e9));
    let ok = alarm(Metric::TotalFileSize, State::Ok, 2.1e9, (1.9e9, 2.3e9), "2.1 GB landed");
    dataset("orders", Status::Ok, vec![PartitionReport { alarms: vec![ok], ..landed }])
}

fn small() -> DatasetReport {
    let landed =
        partition("2026-11-21", PartitionState::Landed, Some("2026-11-22T04:12:09Z"), Some(121_340.0));
    let alarms = vec![
        alarm(
            Metric::TotalFileSize,
            State::Alarm,
            121_340.0,
            (195_000.0, 240_000.0),
            "121 kB landed (−44 %); 195–240 kB expected (the last 12 Saturdays)",
        ),
        AlarmReport {
            severity: Severity::Warning,
            ..alarm(Metric::ObjectCount, State::Alarm, 9.0, (16.0, 16.0), "9 objects landed; 16 expected")
        },
        alarm(Metric::Late, State::Ok, 0.0, (0.0, 0.0), "landed 18 min before it was due"),
    ];
    let before = partition("2026-11-18", PartitionState::Deleted, Some("2026-11-19T04:01:00Z"), None);
    let gone = alarm(Metric::Shrunk, State::Alarm, 2e5, (0.0, 0.0), "all 201 kB that had landed are gone");
    DatasetReport {
        about: About {
            owner: Some("data-team".to_owned()),
            runbook: Some("https://wiki.example/kpi-sales".to_owned()),
        },
        ..dataset(
            "kpi_sales",
            Status::Alarm,
            vec![PartitionReport { alarms, ..landed }, PartitionReport { alarms: vec![gone], ..before }],
        )
    }
}

fn missing() -> DatasetReport {
    let alarms = vec![alarm(
        Metric::Missing,
        State::Alarm,
        1.0,
        (0.0, 0.0),
        "nothing landed by 04:30 GMT, when it was due",
    )];
    let partition = partition("2026-11-21T23", PartitionState::Missing, None, None);
    dataset(
        "clickstream_enriched_sessions_by_market[region=north-america]",
        Status::Alarm,
        vec![PartitionReport { alarms, ..partition }],
    )
}

fn unseen() -> DatasetReport {
    let gap = Gap {
        kind: GapKind::Denied,
        place: "s3://acme-lake/refined/finance/ledger/date=2026-11-21/".to_owned(),
        detail: "403 AccessDenied".to_owned(),
    };
    DatasetReport {
        gaps: vec![gap],
        freshness: None,
        ..dataset("finance_ledger", Status::Unknown, Vec::new())
    }
}

fn noticed() -> DatasetReport {
    let landed = partition("2026-W47", PartitionState::Landed, Some("2026-11-16T06:12:00Z"), Some(48.2e6));
    let unusual = AlarmReport {
        notice: true,
        continuing: None,
        since: None,
        ..alarm(Metric::ObjectCount, State::Ok, 5.0, (4.0, 4.0), "5 objects landed; 4 are usual")
    };
    DatasetReport {
        notes: vec!["landing times before 2026-09-01 come from a copy and are ignored".to_owned()],
        ..dataset("weekly_report", Status::Ok, vec![PartitionReport { alarms: vec![unusual], ..landed }])
    }
}

fn report() -> Report {
    Report::new(at(NOW), vec![healthy(), small(), missing(), unseen(), noticed()])
}

fn recents() -> Vec<Recent> {
    let london = TimeZone::get("Europe/London").unwrap();
    let past = |newest: &str, last: Option<f64>, base: f64| {
        let newest = p(newest);
        let point = |i: i64| {
            let value = match i {
                0 => last,
                11 | 12 => None,
                i => Some(base * (1.0 + 0.1 * (i % 7) as f64)),
            };
            (newest.offset(-i), value)
        };
        Recent {
            points: (0..40).rev().map(point).collect(),
            band: Some((Some(base * 0.9), Some(base * 1.2))),
            zone: london.clone(),
        }
    };
    vec![
        past("2026-11-21", Some(2.1e9), 2.1e9),
        past("2026-11-21", Some(121_340.0), 200_000.0),
        past("2026-11-21T23", None, 3e6),
        Recent::default(),
        past("2026-W47", Some(48.2e6), 45e6),
    ]
}

fn options(width: usize) -> Options {
    let elapsed = Some(Duration::from_millis(412));
    Options { width, whole_names: false, elapsed, ..Options::PIPE }
}

/// No line is wider than the terminal, except for a word that cannot be broken.
fn fits(text: &str, width: usize) {
    for line in text.lines() {
        assert!(super::fit::width(line) <= width || line.trim().split(' ').count() < 4, "{width}: {line}");
    }
}

#[test]
fn the_table_fits_the_terminal() {
    for width in [60, 80, 100, 120] {
        let table = text::check(&report(), &recents(), &options(width));
        fits(&table, width);
        insta::assert_snapshot!(format!("table_{width}"), table);
    }
}

#[test]
fn the_table_of_a_terminal_without_unicode() {
    let table = text::check(&report(), &recents(), &Options { unicode: false, ..options(100) });
    assert!(table.is_ascii());
    insta::assert_snapshot!("table_ascii", table);
}

#[test]
fn colour_changes_no_character() {
    let plain = text::check(&report(), &recents(), &options(100));
    let coloured = text::check(&report(), &recents(), &Options { color: true, ..options(100) });
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    insta::assert_snapshot!("table_colour", coloured.replace('\u{1b}', "␛"));
}

#[test]
fn small_tables_read_well_too() {
    let table = |datasets| text::check(&Report::new(at(NOW), datasets), &[], &Options::PIPE);
    insta::assert_snapshot!("table_of_nothing", table(Vec::new()));
    insta::assert_snapshot!("table_of_one", table(vec![healthy()]));
    insta::assert_snapshot!(
        "table_of_one_that_is_not_due",
        table(vec![dataset("orders", Status::Ok, Vec::new())])
    );
}

/// A schema without additional properties, to find fields of a report that the schema does not name.
fn closed(mut schema: serde_json::Value) -> serde_json::Value {
    if let Some(object) = schema.as_object_mut() {
        if object.contains_key("properties") {
            object.insert("additionalProperties".to_owned(), false.into());
        }
        for value in object.values_mut() {
            *value = closed(value.take());
        }
    }
    schema
}

fn validates(report: &serde_json::Value) -> Result<(), String> {
    let schema = closed(serde_json::from_str(json::CHECK_SCHEMA).unwrap());
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("check.json", schema).unwrap();
    let compiled = compiler.compile("check.json", &mut schemas).unwrap();
    schemas.validate(report, compiled).map_err(|error| format!("{error:#}"))
}

#[test]
fn reports_are_as_the_published_schema_says() {
    for report in [report(), Report::new(at(NOW), Vec::new())] {
        let written = json::check(&report);
        assert_eq!(serde_json::from_str::<Report>(&written).unwrap(), report);
        validates(&serde_json::from_str(&written).unwrap()).unwrap();
    }
    let mut other = serde_json::to_value(report()).unwrap();
    other["datasets"][1]["partitions"][0]["alarms"][0]["observd"] = 1.into();
    assert!(validates(&other).unwrap_err().contains("observd"));
    let mut other = serde_json::to_value(report()).unwrap();
    other["datasets"][1]["partitions"][0]["landed_at"] = "yesterday".into();
    assert!(validates(&other).is_err());
}

#[test]
fn json_and_junit_have_a_stable_form() {
    let report = Report::new(at(NOW), vec![small(), unseen(), noticed()]);
    insta::assert_snapshot!("check_json", json::check(&report));
    insta::assert_snapshot!("check_junit", junit::check(&report).unwrap());
}

fn past(days: i64) -> Past {
    let newest = p("2026-11-21");
    let point = |i: i64| {
        let partition = newest.offset(-i);
        let weekend = partition.date().weekday().to_monday_zero_offset() >= 5;
        let usual = (2.0e6 - 4_000.0 * i as f64) * if weekend { 0.5 } else { 1.0 };
        let value = match i {
            0 => Some(0.6e6),
            20 | 41 => None,
            i => Some(usual * (1.0 + 0.01 * ((i * 37) % 11 - 5) as f64)),
        };
        // In the third week so little is known that up to ten times as much would pass.
        let wide = if i > days - 21 { (0.1, 10.0) } else { (0.85, 1.15) };
        let band = (i < days - 14).then_some((usual * wide.0, usual * wide.1));
        Point { partition, value, low: band.map(|b| b.0), high: band.map(|b| b.1), mark: None }
    };
    let points = (0..days).rev().map(point).collect();
    Past { dataset: "kpi_sales".to_owned(), metric: Metric::TotalFileSize, points, zone: TimeZone::UTC }
}

#[test]
fn plots_fit_the_terminal() {
    for (days, width) in [(120, 80), (120, 120), (400, 60), (10, 60)] {
        let plot = plot::history(&past(days), &options(width));
        fits(&plot, width);
        insta::assert_snapshot!(format!("plot_{days}_days_{width}"), plot);
    }
    let ascii = plot::history(&past(60), &Options { unicode: false, ..options(80) });
    assert!(ascii.is_ascii());
    insta::assert_snapshot!("plot_ascii", ascii);
    let coloured = plot::history(&past(60), &Options { color: true, ..options(80) });
    let plain = plot::history(&past(60), &options(80));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    insta::assert_snapshot!(
        "plot_of_nothing",
        plot::history(&Past { points: Vec::new(), ..past(1) }, &options(80))
    );
}

#[test]
fn a_past_has_forms_for_machines() {
    let past = Past { points: past(30).points.split_off(8), ..past(1) };
    insta::assert_snapshot!("past_csv", plot::csv(&past));
    insta::assert_snapshot!("past_json", plot::json(&Past { points: past.points[..2].to_vec(), ..past }));
}

fn explained_dataset() -> Dataset {
    let rule = |metric, limit, severity| Rule { severity, ..Rule::new(metric, limit) };
    Dataset {
        zone: TimeZone::get("Europe/London").unwrap(),
        about: About { owner: Some("data-team".to_owned()), runbook: None },
        rules: [
            rule(Metric::TotalFileSize, Limit::Learned, Severity::Critical),
            rule(Metric::ObjectCount, Limit::at_least(16.0), Severity::Warning),
        ]
        .into(),
        ..Dataset::new("kpi_sales", Layout::parse("kpi/sales/date={date}/").unwrap())
    }
}

fn expected(metric: Metric, why: Why) -> Expected {
    Expected {
        metric,
        bounds: Bounds::default(),
        why,
        days: Vec::new(),
        young: None,
        derivation: None,
        landed: BTreeMap::new(),
    }
}

fn explanation<'a>(completion: &'a Completion, report: &'a DatasetReport) -> Explanation<'a> {
    let saturdays = (1..=12).rev().map(|w| (p("2026-11-21").offset(-7 * w), 200_000.0 + 1_500.0 * w as f64));
    Explanation {
        partition: p("2026-11-21"),
        due: Due {
            at: Some(at("2026-11-22T04:30:00Z")),
            reason: "the day after, 04:30; learned from 88 arrivals".to_owned(),
            landings: vec![(p("2026-11-20"), at("2026-11-21T03:58:00Z"))],
            derivation: None,
        },
        completion,
        expected: vec![
            Expected {
                bounds: Bounds { low: Some(195_000.0), high: Some(240_000.0) },
                days: saturdays.collect(),
                young: Some((12, 0.25)),
                ..expected(Metric::TotalFileSize, Why::Learned("the last 12 Saturdays".to_owned()))
            },
            expected(Metric::ObjectCount, Why::NotYet { known: 3, needed: 5 }),
        ],
        verdict: None,
        report,
    }
}

#[test]
fn explanations_read_from_top_to_bottom() {
    let (dataset, report) = (explained_dataset(), small());
    let completion = Completion {
        rule: CompletionRule::Marker {
            name: "_SUCCESS".to_owned(),
            quiet: SignedDuration::from_mins(10),
            comes_first: false,
        },
        evidence: "_SUCCESS is in 30 of the last 30 partitions".to_owned(),
    };
    let explanation = explanation(&completion, &report);
    let look = |day: &str| Look { place: format!("kpi/sales/date={day}/"), requests: 1 };
    let looks = [look("2026-11-21"), look("2026-11-20")];
    let explained = Explained { dataset: &dataset, explanation: &explanation, looks: &looks };
    for width in [60, 100] {
        let said = explain::text(&explained, &options(width));
        fits(&said, width);
        insta::assert_snapshot!(format!("explain_{width}"), said);
    }
    let report = DatasetReport { partitions: Vec::new(), ..report.clone() };
    let nothing = Explanation { expected: Vec::new(), report: &report, ..explanation.clone() };
    let nothing = Explained { explanation: &nothing, looks: &[], ..explained };
    insta::assert_snapshot!("explain_nothing_yet", explain::text(&nothing, &options(100)));
}
