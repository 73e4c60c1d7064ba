//! The published schema accepts the same configs as the parser.

use serde_json::Value;

use super::*;

/// The YAML as JSON, as an editor would read it.
fn json(text: &str) -> Value {
    serde_saphyr::from_str(text).unwrap()
}

/// Whether the published schema accepts a config.
pub(super) fn takes(text: &str) -> Result<(), String> {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource("lakegauge.json", schema()).unwrap();
    let compiled = compiler.compile("lakegauge.json", &mut schemas).unwrap();
    schemas.validate(&json(text), compiled).map_err(|error| format!("{error:#}"))
}

#[test]
fn what_the_parser_takes_the_schema_takes() {
    let check = |text: &str| {
        assert!(loaded(text).config.is_some(), "{text}\n{}", problems(text));
        takes(text).unwrap();
    };
    check(GOOD);
    check(&with("alarms: { TotalFileSize: { at_least: 1e5, at_most: 2GiB }, Late: off, Missing: false }"));
    check(&with("alarms: { ObjectCount: { learned: true, severity: warning, missing_data: notBreaching } }"));
    check(&with("calendar: business-month-ends, look_back: 30, landed_when: \"root:_SUCCESS\""));
    check(&format!(
        "{}notify: {{ a: {{ sns: \"arn:aws:sns:x\" }}, b: {{ webhook: file:secrets/hook }} }}\n",
        with("notify: a")
    ));
    check(&with("remediate: { lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\", metrics: [Missing] }"));
    check(&with(
        "remediate: { airflow: { url: \"http://airflow\", dag: rerun, api: v1, secret: \"arn:aws:ssm:eu-west-2:1:parameter/airflow\" } }",
    ));
    let example = &schema()["examples"][0];
    check(&serde_json::to_string(example).unwrap());
}

#[test]
fn what_the_schema_refuses_the_parser_refuses() {
    let check = |text: &str| {
        assert!(loaded(text).config.is_none(), "{text}");
        assert!(takes(text).is_err(), "{text}");
    };
    check("timezone: UTC\n");
    check("lake: /lake\ndatasets: {}\n");
    check("lake: /lake\ndatasets: { a: {} }\n");
    check(&format!("{}timezon: UTC\n", with("owner: me")));
    check(&with("dew: +1d 04:30"));
    check(&with("look_back: 0"));
    check(&with("runbook: ftp://wiki/page"));
    check(&with("calendar: wekdays"));
    check(&with("calendar: []"));
    check(&with("remediate: { lambda: rerun }"));
    check(&with("remediate: { airflow: { url: \"http://airflow\", dag: rerun, secret: hunter2 } }"));
    check(&with("alarms: { TotalFilesize: learned }"));
    check(&with("alarms: { TotalFileSize: sometimes }"));
    check(&with("alarms: { TotalFileSize: { at_leest: 1 } }"));
    check(&with("alarms: { Freshness: { at_most: 2d, missing_data: breeching } }"));
    check(&with("alarms: { TotalFileSize: { learned: false } }"));
    check(&format!("defaults: {{ path: \"a/{{date}}/\" }}\n{}", with("owner: me")));
    check(&format!("{}notify: {{ a: {{ slack: https://hooks.example/x }} }}\n", with("owner: me")));
    check(&format!("{}notify: {{ a: {{}} }}\n", with("owner: me")));
}
