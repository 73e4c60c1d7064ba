//! What an evaluation says, as its readers see it.

use super::*;
use crate::metric::Metric;
use crate::partition::Partition;

fn p(name: &str) -> Partition {
    Partition::parse(name).unwrap()
}

fn within(margin: Margin, against: Against) -> Limit {
    Limit::Within { margin, against }
}

fn fixed(low: Option<f64>, high: Option<f64>) -> Limit {
    Limit::Fixed(Bounds { low, high })
}

/// Evaluates 1 of 1 over the newest value with the given past.
fn one(metric: Metric, limit: Limit, name: &str, level: f64, past: &[(Partition, f64)]) -> String {
    let rule = Rule::new(metric, limit);
    let datapoint = compare(&rule.limit, metric, p(name), level, || past.to_vec());
    let got = evaluate(&rule, &[Some(datapoint)], State::Ok);
    format!("{:<17} {metric}: {}", got.state.to_string(), got.reason)
}

#[test]
fn reasons_for_one_datapoint() {
    use Metric::*;
    let half = || within(Margin::Relative(0.5), Against::PreviousGood);
    let past = [(p("2026-11-20"), 2.1e9), (p("2025-11-15"), 2.0e9)];
    let hour = [(p("2026-11-20T23"), 1200.0)];
    let lines = [
        one(TotalFileSize, Limit::at_least(195_000.0), "2026-11-21", 121_340.0, &[]),
        one(TotalFileSize, Limit::at_least(195_000.0), "2026-11-21", 195_000.0, &[]),
        one(TotalFileSize, fixed(Some(8e8), Some(1.2e9)), "2026-11-21", 2.4e9, &[]),
        one(TotalFileSize, fixed(Some(2e8), Some(9e8)), "2026-11-21", 2.4e9, &[]),
        one(TotalFileSizeChange, half(), "2026-11-21", 121e6, &past),
        one(TotalFileSizeChange, half(), "2026-11-21", 4.4e9, &past),
        one(TotalFileSizeChange, half(), "2026-11-21", 2.2e9, &past),
        one(TotalFileSizeChange, half(), "2026-11-21", 2.1e9, &past),
        one(TotalFileSizeChange, half(), "2026-11-21", 2.1e9, &[]),
        one(TotalFileSizeChange, Limit::at_most(1e6), "2026-11-21", 2.2e9, &past),
        one(TotalFileSizeChange, Limit::at_least(-1e6), "2026-11-21", 2.0e9, &past),
        one(TotalFileSize, within(Margin::Absolute(5e8), Against::SameWeekday), "2026-11-21", 0.0, &past),
        one(TotalFileSize, within(Margin::Relative(0.1), Against::SameWeekday), "2026-11-17", 0.0, &past),
        one(ObjectCount, half(), "2026-11-21T00", 12_345.0, &hour),
        one(ObjectCount, half(), "2026-11", 12.0, &[(p("2026-10"), 80.0)]),
        one(ObjectCount, half(), "2026-W47", 12.0, &[(p("2026-W46"), 80.0)]),
        one(ObjectCount, Limit::at_least(2.0), "2026-11-21", 1.0, &[]),
        one(EmptyObjects, Limit::at_most(0.0), "2026-11-21", 3.0, &[]),
        one(LandingDelay, Limit::at_most(4.0 * 3600.0), "2026-11-21", 4.0 * 3600.0 + 720.0, &[]),
        one(LandingDelay, Limit::at_most(4.0 * 3600.0), "2026-11-21", -600.0, &[]),
        one(Freshness, Limit::at_most(86_400.0), "2026-11-21", 273_600.0, &[]),
        one(Late, Limit::at_most(0.0), "2026-11-21", 1.0, &[]),
        one(Late, Limit::at_most(0.0), "2026-11-21", 0.0, &[]),
        one(Missing, Limit::at_most(0.0), "2026-11-21", 1.0, &[]),
        one(Rewritten, Limit::at_most(0.0), "2026-11-21", 1.0, &[]),
        one(Shrunk, Limit::at_most(0.0), "2026-11-21", 2.5e6, &[]),
        one(RowCount, Limit::Learned, "2026-11-21", 1_234_567.0, &[]),
        one(CheckSuccess, Limit::at_least(1.0), "2026-11-21", 0.0, &[]),
        one(CheckDuration, Limit::at_most(60.0), "2026-11-21", 75.2, &[]),
        one(ListRequests, Limit::at_most(10.0), "2026-11-21", 1204.0, &[]),
    ];
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn reasons_for_a_learned_band() {
    let rule = Rule::new(Metric::TotalFileSize, Limit::Learned);
    let bounds = Bounds { low: Some(190e3), high: Some(260e3) };
    let check = |datapoint: Datapoint, expect: &str| {
        assert_eq!(evaluate(&rule, &[Some(datapoint)], State::Ok).reason, expect);
    };
    check(
        Datapoint::learned(p("2026-11-20"), 121e3, bounds, "the last 12 Fridays"),
        "121 kB landed; 190–260 kB expected (the last 12 Fridays)",
    );
    let change = Rule::new(Metric::TotalFileSizeChange, Limit::Learned);
    let size = Datapoint::learned(p("2026-11-20"), 121e3, bounds, "the last 12 Fridays");
    assert_eq!(
        evaluate(&change, &[Some(size)], State::Ok).reason,
        "121 kB landed; 190–260 kB expected (the last 12 Fridays)",
    );
    check(
        Datapoint::without_bounds(p("2026-11-20"), 121e3, "only 3 good days are known, 14 are needed"),
        "121 kB landed; nothing to compare with: only 3 good days are known, 14 are needed",
    );
}

/// Evaluates `m` of `n` over a row like the guide's, for an `at_least: 195 kB`.
fn row(m: u32, n: u32, text: &str, missing_data: MissingData) -> Evaluation {
    let limit = Limit::at_least(195e3);
    let rule = Rule {
        evaluation_periods: n,
        datapoints_to_alarm: m,
        missing_data,
        ..Rule::new(Metric::TotalFileSize, limit.clone())
    };
    let mut partition = p("2026-11-16");
    let mut window = Vec::new();
    for word in text.split_whitespace() {
        partition = partition.next();
        window.push(match word {
            "-" => None,
            "nan" => Some(compare(&limit, rule.metric, partition, f64::NAN, Vec::new)),
            "?" => Some(Datapoint::without_bounds(partition, 1e3, "too new")),
            "X" => Some(compare(&limit, rule.metric, partition, 121e3, Vec::new)),
            _ => Some(compare(&limit, rule.metric, partition, 200e3, Vec::new)),
        });
    }
    evaluate(&rule, &window, State::Alarm)
}

#[test]
fn reasons_for_several_datapoints() {
    use MissingData::*;
    let rows = [
        (3, 3, "0 X X - X", Missing),
        (2, 3, "0 0 X 0 X", Missing),
        (2, 3, "0 0 0 0 X", Missing),
        (2, 3, "0 0 X 0 0", Missing),
        (3, 3, "0 0 0 0 0", Missing),
        (3, 3, "- - - - -", Missing),
        (3, 3, "- - - - -", Ignore),
        (3, 3, "- - - - -", Breaching),
        (3, 3, "- - - - -", NotBreaching),
        (3, 3, "- - X - -", Missing),
        (3, 3, "- - X - -", Ignore),
        (3, 3, "- - X - -", Breaching),
        (3, 3, "- - X - -", NotBreaching),
        (3, 3, "- - - - X", Missing),
        (2, 3, "- - - - 0", Breaching),
        (1, 1, "-", Missing),
        (1, 1, "nan", Missing),
        (1, 1, "-", Ignore),
        (1, 1, "-", Breaching),
        (1, 1, "-", NotBreaching),
        (1, 1, "?", Breaching),
        (0, 0, "X", Missing),
        (9, 1, "X", Missing),
    ];
    let lines: Vec<String> = rows
        .into_iter()
        .map(|(m, n, text, policy)| {
            let got = row(m, n, text, policy);
            let policy = format!("{policy:?}");
            format!("{m} of {n} | {text:<9} | {policy:<12} | {:<17} | {}", got.state.to_string(), got.reason)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_evidence_names_what_breaches() {
    let got = row(2, 3, "X 0 X - X", MissingData::Missing);
    assert_eq!(got.breaching, [p("2026-11-21"), p("2026-11-19")]);
    assert_eq!(got.observed, Some(121e3));
    assert_eq!(got.expected, Bounds { low: Some(195e3), high: None });
    let json = serde_json::to_string(&got).unwrap();
    assert_eq!(
        json,
        r#"{"state":"ALARM","reason":"121 kB landed; at least 195 kB expected (2 of the last 3 measured are outside)","observed":121000.0,"expected":{"low":195000.0,"high":null},"breaching":["2026-11-21","2026-11-19"]}"#
    );
}
