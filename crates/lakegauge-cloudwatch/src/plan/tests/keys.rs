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
        for (name, [old, new]) in table.keys().filter(|(name, _)| *name != "datasets") {
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

/// What the schema calls the default of a key is what holds without it.
#[test]
fn a_default_that_is_written_down_changes_nothing() {
    let schema = lakegauge_config::schema();
    let mut found = 0;
    for (table, pointer) in [(Table::Top, "/properties"), (Table::Dataset, "/$defs/dataset/properties")] {
        for (name, property) in schema.pointer(pointer).unwrap().as_object().unwrap() {
            let Some(default) = property.get("default") else { continue };
            let written = placed(table, &format!("{name}: {default}"));
            let silent = placed(table, "");
            assert!(plan(&silent, &written).is_empty(), "{name}: {:?}", plan(&silent, &written));
            found += 1;
        }
    }
    assert!(found > 4, "{found}");
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
    for (name, [_, set]) in Table::Dataset.keys() {
        let told = meanings(&config(&placed(Table::Dataset, set), "20261225").datasets[0]);
        let found = told.iter().any(|m| m.key == name || m.key.starts_with(&format!("{name}.")));
        assert!(found, "`{name}` is not told: {told:?}");
    }
    let told = meanings(&config(&whole("", SET), "20261225").datasets[0]);
    let told: Vec<String> = told.iter().map(|m| format!("{}: {}", m.key, m.value)).collect();
    insta::assert_snapshot!("meanings", told.join("\n"));
}
