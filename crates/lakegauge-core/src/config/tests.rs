use proptest::prelude::*;

use super::*;
use crate::alarm::{Limit, Severity};
use crate::dataset::LandedWhen;
use crate::metric::Metric;

const GOOD: &str = r#"
lake: s3://acme-lake/refined
timezone: Europe/London
calendar: [weekdays, holidays.ics]
defaults: { owner: data-team, look_back: 5 }
datasets:
  kpi_sales:
    path: kpi/sales/date={date}/
    due: +1d 04:30
    landed_when: _SUCCESS
    alarms:
      TotalFileSize: { at_least: 195kB }
      TotalFileSizeChange: { within: 50%, severity: warning }
      ObjectCount: learned
      Rewritten: off
    notify: [data-team]
    runbook: https://wiki.example/kpi-sales
  clicks: { path: "clicks/{year}/{month}/{day}/{hour}/", landed_when: quiet 15m }
notify:
  data-team: { slack: "${env:SLACK_WEBHOOK}" }
"#;

fn read(file: &str) -> Result<String, String> {
    match file {
        "holidays.ics" => Ok("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas Day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".to_owned()),
        _ => Err(format!("{file} cannot be read: there is no such file")),
    }
}

fn loaded(text: &str) -> Loaded {
    let now = "2026-11-22T05:00:00Z".parse().unwrap();
    load(text, Surroundings { read: &read, now })
}

fn problems(text: &str) -> String {
    render(&loaded(text).problems, "lakegauge.yaml", text, false)
}

/// A config whose one dataset is `entry`.
fn with(entry: &str) -> String {
    format!("lake: /lake\ndatasets:\n  a: {{ path: \"a/{{date}}/\", {entry} }}\n")
}

#[test]
fn a_good_config_is_understood() {
    let config = loaded(GOOD).config.unwrap();
    assert_eq!((config.lake.as_str(), config.namespace.as_str()), ("s3://acme-lake/refined", "Lakegauge"));
    let names: Vec<&str> = config.datasets.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names, ["kpi_sales", "clicks"]);
    let sales = &config.datasets[0];
    assert_eq!(sales.due.unwrap().to_string(), "+1d 04:30");
    assert_eq!((sales.owner.as_deref(), sales.look_back), (Some("data-team"), 5));
    let rule = |metric| sales.rules.iter().find(|r| r.metric == metric);
    assert_eq!(rule(Metric::TotalFileSize).unwrap().limit, Limit::at_least(195_000.0));
    assert_eq!(rule(Metric::TotalFileSizeChange).unwrap().severity, Severity::Warning);
    assert_eq!(rule(Metric::Rewritten), None);
    assert!(rule(Metric::Missing).is_some());
    assert_eq!(config.datasets[1].landed_when, LandedWhen::Quiet { seconds: 900 });
    insta::assert_snapshot!("good_config_warnings", problems(GOOD));
}

#[test]
fn every_problem_has_its_place_and_a_hint() {
    let cases: &[(&str, String)] = &[
        ("empty", String::new()),
        ("only_comments", "# nothing here\n".to_owned()),
        ("not_a_mapping", "- lake\n- datasets\n".to_owned()),
        ("missing_keys", "timezone: UTC\n".to_owned()),
        ("tab", "lake: /lake\ndatasets:\n\ta: 1\n".to_owned()),
        ("bad_indentation", "lake: /lake\n datasets:\n  a:\n".to_owned()),
        ("unclosed_quote", "lake: \"/lake\ndatasets: {}\n".to_owned()),
        ("duplicate_keys", "lake: /a\nlake: /b\ndatasets:\n  a: { path: \"a/{date}/\" }\n  a: { path: \"b/{date}/\" }\n".to_owned()),
        ("unknown_keys", format!("{}\ntimezon: UTC\n", with("dew: +1d 04:30, colour: red"))),
        ("wrong_units", with("alarms: { TotalFileSize: { at_least: 12 parsecs }, LandingDelay: { at_most: 90 } }")),
        ("unknown_zone", format!("timezone: Europe/Londn\n{}", with("timezone: london"))),
        ("path_without_date", "lake: /lake\ndatasets:\n  a: { path: sales/all/ }\n".to_owned()),
        ("path_errors", "lake: /lake\ndatasets:\n  a: { path: \"a/{date\" }\n  b: { path: \"b/{day}/\" }\n  c: { path: \"c/{date:%q}/\" }\n".to_owned()),
        ("two_on_one_path", "lake: /lake\ndatasets:\n  a: { path: \"a/{date}/\" }\n  b: { path: \"a/{date}\" }\n".to_owned()),
        ("runbook_scheme", with("runbook: ftp://wiki/page")),
        ("due_in_a_gap", format!("timezone: Europe/London\n{}", with("due: +1d 01:30"))),
        ("bad_due", with("due: tomorrow")),
        ("unknown_metric", with("alarms: { TotalFilesize: learned, Zebras: learned }")),
        ("unknown_receiver", format!("{}notify: {{ ops: {{ email: ops@example.com }} }}\n", with("notify: [opps]"))),
        ("secret_in_plain", format!("{}notify:\n  ops:\n    slack: https://hooks.example/T0/B0/x\n", with("owner: me"))),
        ("table_formats", with("landed_when: delta")),
        ("quiet_without_length", with("landed_when: quiet")),
        ("alarm_shapes", with("alarms: { TotalFileSize: {}, ObjectCount: sometimes, Late: learned, Shrunk: { at_most: 1, within: 5% }, EmptyObjects: { at_most: 0, datapoints_to_alarm: 3, evaluation_periods: 2 }, Freshness: { at_most: 2d, missing_data: breeching } }")),
        ("rows_are_not_counted_yet", with("alarms: { RowCount: learned }")),
        ("missing_calendar", with("calendar: nowhere.ics")),
        ("unknown_calendar", with("calendar: wekdays")),
        ("wrong_types", "lake: [a]\ndatasets: 7\nconcurrency: 0\n".to_owned()),
        ("aliases", "lake: &a /lake\ndatasets: *a\n".to_owned()),
        ("no_datasets", "lake: /lake\ndatasets: {}\n".to_owned()),
        ("bad_name", "lake: /lake\ndatasets:\n  \"a b[c]\": { path: \"a/{date}/\" }\n".to_owned()),
    ];
    for (name, text) in cases {
        let drawn = problems(text);
        assert!(!drawn.is_empty(), "{name} has no problem");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(*name, drawn);
        });
    }
}

#[test]
fn a_secret_is_never_drawn() {
    let text = format!("{}notify: {{ ops: {{ pagerduty: R0UT1NGKEY }} }}\n", with("owner: me"));
    let drawn = problems(&text);
    assert!(drawn.contains("pagerduty") && !drawn.contains("R0UT1NGKEY"), "{drawn}");
}

#[test]
fn the_schema_has_every_key_and_is_json() {
    let schema = schema();
    let described = |pointer: &str, keys: &[mapping::Key]| {
        let properties = schema.pointer(pointer).unwrap().as_object().unwrap();
        assert_eq!(properties.len(), keys.len());
        for key in keys {
            let described = &properties[key.name];
            assert!(described.as_object().unwrap().len() > 1, "the schema of `{}` is not JSON", key.name);
            assert_eq!(described["description"], key.doc);
        }
    };
    described("/properties", lake::TOP);
    described("/$defs/dataset/properties", dataset::DATASET);
    described("/$defs/alarm/anyOf/1/properties", alarms::ALARM);
}

/// Small hostile texts, and what YAML parsers have stumbled over.
const HOSTILE: &[&str] = &[
    "\u{feff}lake: /lake\n",
    "a: b: c: d",
    "{{{{{{{{",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "? complex\n: key\n",
    "? [a, b]\n: {c: d}\n",
    "--- a\n--- b\n",
    "!!binary R0lGODlhDAAMAIQAAP==",
    "a: &x [*x, *x]",
    "lake: |\n  folded\n  text\ndatasets: >-\n  more\n",
    "datasets: {é: {path: \"ü/{date}/\", due: \"+1d ö\"}}",
    "%YAML 9.9\n---\na",
    "lake: \"\\u0000\\xff\"",
    "\0\u{1}\u{2}",
    "datasets:\n  ? \n  : path\n",
];

#[test]
fn hostile_texts_have_problems_inside_the_text() {
    for text in HOSTILE {
        holds(text);
        assert!(!loaded(text).problems.is_empty(), "{text:?}");
    }
}

/// No panic; every place lies inside the text; drawing works; an error means no config.
fn holds(text: &str) {
    let loaded = loaded(text);
    for problem in &loaded.problems {
        assert!(
            problem.at.start <= problem.at.end && problem.at.end <= text.len(),
            "{problem:?} in {text:?}"
        );
    }
    let wrong = loaded.problems.iter().any(|p| p.gravity == Gravity::Error);
    assert_eq!(loaded.config.is_none(), wrong);
    render(&loaded.problems, "x", text, false);
}

proptest! {
    #[test]
    fn any_text_is_survived(text in "[ -~\n\t{}\\[\\]:é#\"']{0,120}") {
        holds(&text);
    }

    #[test]
    fn a_damaged_config_is_survived(at in 0usize..900, cut in 0usize..40, insert in "[ -~\n\té]{0,6}") {
        let floor = |i: usize| (0..=i.min(GOOD.len())).rev().find(|i| GOOD.is_char_boundary(*i)).unwrap();
        let (start, end) = (floor(at), floor(at + cut));
        holds(&format!("{}{insert}{}", &GOOD[..start], &GOOD[end..]));
    }
}
