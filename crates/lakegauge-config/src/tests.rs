mod corpus;
mod guide;
mod hidden;
mod parts;
mod published;
mod written;

use lakegauge_core::alarm::{Limit, Severity};
use lakegauge_core::dataset::LandedWhen;
use lakegauge_core::metric::Metric;

use super::*;

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
        "broken.ics" => Ok("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:never\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".to_owned()),
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
    assert_eq!((sales.about.owner.as_deref(), sales.look_back), (Some("data-team"), 5));
    let rule = |metric| sales.rules.iter().find(|r| r.metric == metric);
    assert_eq!(rule(Metric::TotalFileSize).unwrap().limit, Limit::at_least(195_000.0));
    assert_eq!(rule(Metric::TotalFileSizeChange).unwrap().severity, Severity::Warning);
    assert_eq!(rule(Metric::Rewritten), None);
    assert!(rule(Metric::Missing).is_some());
    assert_eq!(config.datasets[1].landed_when, LandedWhen::Quiet { seconds: 900 });
    insta::assert_snapshot!("good_config_warnings", problems(GOOD));
}

#[test]
fn a_remedy_holds_until_it_is_switched_off() {
    let text = "lake: /lake\ndefaults:\n  remediate: { lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\", metrics: [Late] }\ndatasets:\n  a: { path: \"a/{date}/\" }\n  b: { path: \"b/{date}/\", remediate: off }\n";
    let config = loaded(text).config.unwrap();
    let remedy = config.datasets[0].remedy.as_ref().unwrap();
    assert_eq!(remedy.function.as_deref(), Some("arn:aws:lambda:eu-west-2:1:function:rerun"));
    assert_eq!((remedy.metrics.as_slice(), &config.datasets[1].remedy), ([Metric::Late].as_slice(), &None));
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
        ("wrong_types", "lake: [a]\ndatasets: 7\nconcurrency: 0\nretention: 12h\n".to_owned()),
        ("aliases", "lake: &a /lake\ndatasets: *a\n".to_owned()),
        ("empty_keys", "lake:\ntimezone:\ndatasets:\n".to_owned()),
        ("empty_dataset", "lake: /lake\ndatasets:\n  a:\n".to_owned()),
        ("blank", "lake: \" \"\ndatasets: { a: { path: \"\" } }\n".to_owned()),
        ("tags", "lake: !Ref Bucket\ndatasets: {}\n".to_owned()),
        ("second_document", format!("{}---\nlake: /b\n", with("owner: me"))),
        ("braces_without_quotes", "lake: /lake\ndatasets:\n  a: { path: a/date={date}/ }\n".to_owned()),
        ("path_that_starts_with_a_brace", "lake: /lake\ndatasets:\n  a:\n    path: {date}/\n".to_owned()),
        ("reserved_character", "lake: /lake\ndatasets:\n  a:\n    owner: @data-team\n".to_owned()),
        ("names_of_other_tools", format!("{}tables: {{}}\n", with("deadline: +1d 04:30, checks: {}"))),
        ("names_of_dbt", format!("freshness: {{}}\n{}", with("freshness: { warn_after: { count: 12, period: hour } }, loaded_at_field: at, warn_after: 12h, errorAfter: 24h"))),
        ("paths_of_other_tools", "lake: /lake\ndatasets:\n  a: { path: a/date=%Y-%m-%d/ }\n  b: { path: \"b/YYYY/MM/DD/\" }\n  c: { path: \"c/{{ ds }}/\" }\n  d: { path: d/$YEAR/$MONTH/ }\n  e: { path: \"e/{date}/*.parquet\" }\n  f: { path: \"f/*/{date}/\" }\n  g: { paths: [g] }\n".to_owned()),
        ("limits_of_other_tools", with("min: 5, alarms: { min: 5, size: learned, TotalFileSize: { min: 5 }, ObjectCount: { max: 9 }, rows: learned }")),
        ("keys_of_another_level", format!("due: +1d 04:30\nalarms: {{}}\n{}", with("region: eu-west-2, at_least: 5"))),
        ("limits_of_a_run", with("alarms: { CheckDuration: { within: 50% }, ListRequests: { at_most: 9, evaluation_periods: 3 } }")),
        ("zone_as_offset", format!("timezone: GMT+2\n{}", with("owner: me"))),
        ("duration_as_marker", with("landed_when: 10m")),
        ("zone_abbreviation", format!("timezone: BST\n{}", with("owner: me"))),
        ("limits_without_sense", with("alarms: { TotalFileSize: { at_least: 50% }, ObjectCount: { within: -5 }, Freshness: { learned: no }, EmptyObjects: { at_most: \"1,5\" }, LandingDelay: { at_least: 2h, at_most: 1h, against: previous } }")),
        ("default_due_in_a_gap", format!("defaults: {{ due: +1d 02:30 }}\n{}  b: {{ path: \"b/{{date}}/\", timezone: Europe/Paris }}\n  c: {{ path: \"c/{{date}}/\", timezone: Europe/Rome }}\n", with("timezone: UTC"))),
        ("default_marker", format!("defaults: {{ landed_when: \"a/\" }}\n{}  b: {{ path: \"b/{{date}}/\" }}\n", with("owner: me"))),
        ("receivers", format!("{}notify:\n  a: {{ email: nobody, sns: topic }}\n  b: {{}}\n  c: {{ slack: \"${{env:A-B}}\" }}\n  d: {{ smoke: signals }}\n", with("owner: me"))),
        ("password_in_address", "lake: s3://AKIA:SECRET@acme/x\nendpoint_url: http://me:SECRET@localhost:9000\ndatasets: {}\n".to_owned()),
        ("no_region", "lake: s3://acme/x\nregion: \"eu\\x1b[2K\\n/../x\"\ndatasets: { a: { path: \"a/{date}/\" } }\n".to_owned()),
        ("remedies", with("remediate: { lambda: \"arn:aws:lambda:eu-west-2:1:function:*\", airflow: { url: airflow.example, dag: \"a b\", secret: hunter2, api: v3 }, metrics: [Lte] }")),
        ("remedy_of_nothing", with("remediate: { metrics: Late, dag: rerun, airflow: {} }")),
        ("no_remedy", with("remediate: {}")),
        ("no_calendars", with("calendar: []")),
        ("bad_calendar_file", with("calendar: broken.ics")),
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
fn an_address_is_refused_at_its_place() {
    let mut loaded = loaded(GOOD);
    loaded.refuse_lake("`s4://` is no store", "write s3://bucket/prefix");
    assert!(loaded.config.is_none());
    insta::assert_snapshot!("refused_lake", render(&loaded.problems, "lakegauge.yaml", GOOD, false));
    let (count, other) = (loaded.problems.len(), "once is enough");
    loaded.refuse_lake(other, other);
    assert_eq!(loaded.problems.len(), count);
}

#[test]
fn quantities_are_read_as_people_write_them() {
    let bytes = |typed: &str, expect: Option<f64>| assert_eq!(scalar::bytes(typed), expect, "{typed}");
    bytes("195000", Some(195_000.0));
    bytes("1e5", Some(100_000.0));
    bytes("195kB", Some(195_000.0));
    bytes("128MiB", Some(134_217_728.0));
    bytes("1.5 GB", Some(1.5e9));
    bytes("1_000_000 B", Some(1e6));
    bytes("1,000 kB", Some(1e6));
    bytes("1,5 GB", None);
    bytes("1.5,000 GB", None);
    bytes("12 parsecs", None);
    bytes("MB", None);
    bytes("1e308 GB", None);
    bytes("infinity", None);
    let seconds = |typed: &str, expect: Option<f64>| assert_eq!(scalar::seconds(typed), expect, "{typed}");
    seconds("90m", Some(5_400.0));
    seconds("1h20m", Some(4_800.0));
    seconds("1 h 12 min", Some(4_320.0));
    seconds("2d", Some(172_800.0));
    seconds("-5m", Some(-300.0));
    seconds("0", Some(0.0));
    seconds("90", None);
    seconds("1 month", None);
    seconds("soon", None);
}

#[test]
fn the_schema_has_every_key() {
    let schema = schema();
    let described = |pointer: &str, table: Table| {
        let keys = table.rows();
        let properties = schema.pointer(pointer).unwrap().as_object().unwrap();
        assert_eq!(properties.len(), keys.len());
        for key in keys {
            let described = &properties[key.name];
            assert!(described.as_object().unwrap().len() > 1, "the schema of `{}` is not JSON", key.name);
            assert_eq!(described["description"], key.doc);
        }
    };
    for table in Table::ALL {
        let pointer = match table {
            Table::Top => "/properties",
            Table::Dataset => "/$defs/dataset/properties",
            Table::Alarm => "/$defs/alarm/anyOf/1/properties",
            Table::Receiver => "/$defs/receiver/properties",
            Table::Remedy => "/$defs/remediate/anyOf/1/properties",
            Table::Airflow => "/$defs/airflow/properties",
        };
        described(pointer, table);
    }
}

/// No panic; every place is inside the text; drawing works; an error means no config.
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
