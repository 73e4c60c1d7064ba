//! Changes every key of the config, one at a time: `plan` names it, and `explain` shows it.

use lakegauge_config::{Config, Surroundings, Table, load, meanings, render};
use lakegauge_core::metric::{Metric, Unit};

use crate::plan::{Difference, Plan, compare};

const ICS: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:DAY\r\nSUMMARY:Day off\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// A config whose calendar files have one day off.
fn config(text: &str, day: &str) -> Config {
    let read = |_: &str| Ok(ICS.replace("DAY", day));
    let now = "2026-11-22T05:00:00Z".parse().unwrap();
    let loaded = load(text, Surroundings { read: &read, now });
    let drawn = render(&loaded.problems, "x", text, false);
    loaded.config.unwrap_or_else(|| panic!("{text}\n{drawn}"))
}

fn plan(old: &str, new: &str) -> Plan {
    compare(&config(old, "20261225"), &config(new, "20261225"))
}

fn differences(plan: &Plan) -> Vec<&Difference> {
    plan.top.iter().chain(plan.changed.iter().flat_map(|changed| &changed.differences)).collect()
}

/// Two values of a key, each with whatever else it needs.
type Pair = (&'static str, &'static str);

/// Two values of a key. A key that is added to a table needs a line here.
fn pair(table: Table, key: &str) -> Pair {
    let pair = match table {
        Table::Top => of_top(key),
        Table::Dataset => of_dataset(key),
        Table::Alarm => of_alarm(key),
        Table::Receiver => of_receiver(key),
        Table::Remedy => of_remedy(key),
        Table::Airflow => of_airflow(key),
    };
    pair.unwrap_or_else(|| {
        panic!("`{key}` of {table:?} is new: say here which values it can have, so that `plan` is held to name it")
    })
}

fn of_top(key: &str) -> Option<Pair> {
    let pair = match key {
        "lake" => ("lake: s3://acme-lake/raw", "lake: s3://acme-lake/refined"),
        "timezone" => ("", "timezone: Europe/London"),
        "calendar" => ("calendar: [weekdays, a.ics]", "calendar: [weekdays, b.ics]"),
        "namespace" => ("", "namespace: Acme"),
        "history" => ("", "history: /var/lib/lakegauge/history.sqlite"),
        "retention" => ("", "retention: 401d"),
        "endpoint_url" => ("endpoint_url: http://one:9000", "endpoint_url: http://two:9000"),
        "region" => ("", "region: eu-west-2"),
        "concurrency" => ("concurrency: 16", "concurrency: 17"),
        "defaults" => ("defaults: { owner: a }", "defaults: { owner: b }"),
        "notify" => ("notify: { ops: { email: a@b.example } }", "notify: { ops: { email: c@b.example } }"),
        "datasets" => ("", ""),
        _ => return None,
    };
    Some(pair)
}

fn of_dataset(key: &str) -> Option<Pair> {
    const REMEDY: &str = "remediate: { lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\" }";
    let pair = match key {
        "path" => ("path: \"a/{date}/\"", "path: \"a/{date:%Y%m%d}/\""),
        "timezone" => ("timezone: Europe/Paris", "timezone: Europe/London"),
        "calendar" => ("calendar: weekdays", "calendar: [weekdays, month-ends]"),
        "due" => ("due: +1d 04:30", "due: +1d 04:30:01"),
        "landed_when" => ("landed_when: quiet 600s", "landed_when: quiet 601s"),
        "alarms" => ("", "alarms: { Late: off }"),
        "look_back" => ("", "look_back: 4"),
        "remediate" => ("", REMEDY),
        "notify" => ("notify: [a]", "notify: [a, b]"),
        "owner" => ("owner: a", "owner: b"),
        "runbook" => ("runbook: https://wiki/a", "runbook: https://wiki/b"),
        "description" => ("description: a", "description: b"),
        _ => return None,
    };
    Some(pair)
}

/// The alarm on `TotalFileSize`, as a flow mapping.
fn of_alarm(key: &str) -> Option<Pair> {
    let pair = match key {
        "at_least" => ("at_least: 195000", "at_least: 195001"),
        "at_most" => ("at_most: 2GB", "at_most: 2000000001"),
        "within" => ("within: 50%", "within: 50.0001%"),
        "against" => ("within: 50%", "within: 50%, against: same-weekday"),
        "learned" => ("at_least: 1kB", "learned: true"),
        "severity" => ("at_least: 1kB", "at_least: 1kB, severity: warning"),
        "evaluation_periods" => (
            "learned: true, datapoints_to_alarm: 2, evaluation_periods: 3",
            "learned: true, datapoints_to_alarm: 2, evaluation_periods: 4",
        ),
        "datapoints_to_alarm" => (
            "learned: true, datapoints_to_alarm: 2, evaluation_periods: 3",
            "learned: true, datapoints_to_alarm: 1, evaluation_periods: 3",
        ),
        "missing_data" => ("learned: true", "learned: true, missing_data: ignore"),
        _ => return None,
    };
    Some(pair)
}

fn of_receiver(key: &str) -> Option<Pair> {
    let pair = match key {
        "slack" => ("slack: \"${env:ONE}\"", "slack: \"${env:TWO}\""),
        "teams" => ("teams: \"${env:ONE}\"", "teams: \"${env:TWO}\""),
        "pagerduty" => ("pagerduty: file:one", "pagerduty: file:two"),
        "webhook" => ("webhook: file:one", "webhook: \"${env:TWO}\""),
        "email" => ("email: a@b.example", "email: c@b.example"),
        "sns" => ("sns: \"arn:aws:sns:x:1:a\"", "sns: \"arn:aws:sns:x:1:b\""),
        _ => return None,
    };
    Some(pair)
}

fn of_remedy(key: &str) -> Option<Pair> {
    const DAG: &str = "airflow: { url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\" }";
    let pair = match key {
        "lambda" => (
            "lambda: \"arn:aws:lambda:eu-west-1:1:function:rerun\"",
            "lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\"",
        ),
        "airflow" => (DAG, "lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\""),
        "metrics" => (
            "lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\"",
            "lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\", metrics: [Late]",
        ),
        _ => return None,
    };
    Some(pair)
}

fn of_airflow(key: &str) -> Option<Pair> {
    const ONE: &str = "url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\", api: v2";
    let pair = match key {
        "url" => (ONE, "url: https://b, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\""),
        "dag" => (ONE, "url: https://a, dag: two, secret: \"arn:aws:ssm:x:1:parameter/a\""),
        "secret" => (ONE, "url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/b\""),
        "api" => (ONE, "url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\", api: v1"),
        _ => return None,
    };
    Some(pair)
}

/// A whole config with `top` above its one dataset.
fn whole(top: &str, entry: &str) -> String {
    let lake = if top.contains("lake:") { "" } else { "lake: /lake\n" };
    let path = if entry.contains("path:") { "" } else { "    path: \"a/{date}/\"\n" };
    let notify = if top.contains("notify:") {
        ""
    } else {
        "notify: { a: { email: a@b.example }, b: { email: c@b.example } }\n"
    };
    format!("{lake}{top}\ndatasets:\n  d:\n{path}    {entry}\n{notify}")
}

#[test]
fn a_plan_names_every_key_that_changes() {
    let check = |old: &str, new: &str, what: &str| {
        assert!(plan(old, old).is_empty() && plan(new, new).is_empty(), "{what}");
        for (old, new) in [(old, new), (new, old)] {
            let plan = plan(old, new);
            let found = differences(&plan);
            let [difference] = found.as_slice() else { panic!("{what}: {found:?}\n{old}\n{new}") };
            assert_eq!(difference.what, what, "{old}\n{new}");
            assert_ne!(difference.from, difference.to, "{what}");
        }
    };
    for table in Table::ALL {
        for name in table.keys().into_iter().filter(|name| *name != "datasets") {
            let (old, new) = pair(table, name);
            let what = match (table, name) {
                (Table::Top, "defaults") => "owner",
                (Table::Top, "notify") | (Table::Receiver, _) => "notify.ops",
                (Table::Dataset, "alarms") => "alarms.Late",
                (Table::Alarm, _) => "alarms.TotalFileSize",
                (Table::Remedy | Table::Airflow, _) => "remediate",
                (Table::Top | Table::Dataset, name) => name,
            };
            check(&placed(table, old), &placed(table, new), what);
        }
    }
}

/// A whole config with a value of a table.
fn placed(table: Table, value: &str) -> String {
    match table {
        Table::Top => whole(value, ""),
        Table::Dataset => whole("", value),
        Table::Alarm => whole("", &format!("alarms: {{ TotalFileSize: {{ {value} }} }}")),
        Table::Receiver => whole(&format!("notify: {{ ops: {{ {value} }} }}"), ""),
        Table::Remedy => whole("", &format!("remediate: {{ {value} }}")),
        Table::Airflow => whole("", &format!("remediate: {{ airflow: {{ {value} }} }}")),
    }
}

#[test]
fn every_metric_can_change_its_alarm() {
    for metric in Metric::ALL {
        let entry =
            |most: u32| whole("", &format!("alarms: {{ {metric}: {{ at_most: {most}{} }} }}", unit(*metric)));
        let plan = plan(&entry(90), &entry(91));
        let found = differences(&plan);
        assert_eq!(found.len(), 1, "{metric}: {found:?}");
        assert_eq!(found[0].what, format!("alarms.{metric}"));
    }
}

fn unit(metric: Metric) -> &'static str {
    if metric.unit() == Unit::Seconds { "s" } else { "" }
}

#[test]
fn a_calendar_may_change_behind_its_name() {
    let text = whole("calendar: [weekdays, uk.ics]", "");
    let plan = compare(&config(&text, "20261225"), &config(&text, "20261228"));
    let found = differences(&plan);
    let said: Vec<&str> = found.iter().filter_map(|d| d.to.as_deref()).collect();
    assert_eq!(said, ["weekdays, uk.ics (new days off: 2026-12-28; no longer days off: 2026-12-25)"]);
}

#[test]
fn what_means_the_same_is_no_change() {
    let check =
        |old: &str, new: &str| assert!(plan(old, new).is_empty(), "{old}\n{new}\n{:?}", plan(old, new));
    let alarm = |limit: &str| whole("", &format!("alarms: {{ TotalFileSize: {limit} }}"));
    check(&alarm("{ at_least: 195kB }"), &alarm("{ at_least: 195_000, severity: critical }"));
    check(&alarm("learned"), &alarm("{ learned: true, evaluation_periods: 1 }"));
    check(&whole("timezone: Europe/London", "timezone: UTC"), &whole("", "look_back: 3 # as it was"));
    check(&whole("defaults: { owner: a }", ""), &whole("", "owner: a"));
}

#[test]
fn a_dataset_tells_every_key_that_is_set() {
    const SET: &str = "timezone: Europe/London\n    calendar: weekdays\n    due: +1d 04:30\n    landed_when: _SUCCESS\n    alarms: { TotalFileSize: { at_least: 195432 } }\n    look_back: 9\n    remediate: { lambda: \"arn:aws:lambda:x:1:function:f\" }\n    notify: a\n    owner: me\n    runbook: https://wiki/a\n    description: >\n      All\n      sales";
    let config = config(&whole("", SET), "20261225");
    let told = meanings(&config.datasets[0]);
    for name in Table::Dataset.keys() {
        let found = told.iter().any(|m| m.key == name || m.key.starts_with(&format!("{name}.")));
        assert!(found, "`{name}` is not told: {told:?}");
    }
    let told: Vec<String> = told.iter().map(|m| format!("{}: {}", m.key, m.value)).collect();
    insta::assert_snapshot!("meanings", told.join("\n"));
}
