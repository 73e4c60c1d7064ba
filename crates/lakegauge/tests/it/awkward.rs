//! Names, paths and settings that AWS rejects or misreads: how the deployment handles them. The provider's stub accepts
//! them all, so the rules of AWS are written down here.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::Desk;
use crate::terraformed::Module;

const CONFIG: &str = r#"
lake: s3://acme-lake
region: eu-west-2
defaults:
  remediate: { lambda: "arn:aws:lambda:eu-west-2:123456789012:function:open-ticket" }
datasets:
  remedy-fired:
    path: fired/date={date}/
    notify: data.team
  Kpi:
    path: calm/date={date}/
    alarms:
      TotalFileSize: { at_least: 1MB, at_most: 1GB }
  kpi:
    path: team*x/region=eu/sp ace/date={date}/
notify:
  data.team: { email: data-team@acme.example }
"#;

/// The resources of a config's deployment.
struct Made(Vec<Value>);

impl Made {
    fn of(config: &str, options: &[&str]) -> Made {
        let desk = Desk::new();
        desk.config(config);
        Made(Module::of(&desk, "lakegauge.yaml", options).made())
    }

    /// One attribute of every resource of a kind.
    fn all(&self, kind: &str, attribute: &str) -> Vec<String> {
        let kind = self.0.iter().filter(|r| r["type"] == kind);
        kind.map(|r| r["values"][attribute].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The values of a resource.
    fn one(&self, address: &str) -> &Value {
        let found = self.0.iter().find(|r| r["address"] == address);
        assert!(found.is_some(), "{address} is not made");
        &found.unwrap()["values"]
    }

    /// The conditions of a policy, given the address of its resource.
    fn conditions(&self, address: &str) -> Vec<Value> {
        let found = self.one(address);
        let policy: Value = serde_json::from_str(found["policy"].as_str().unwrap()).unwrap();
        policy["Statement"].as_array().unwrap().iter().map(|s| s["Condition"].clone()).collect()
    }
}

#[test]
fn names_are_those_that_aws_takes_and_nobody_shares_one() {
    let made = Made::of(CONFIG, &[]);
    let letters = |besides: &'static str| move |c: char| c.is_ascii_alphanumeric() || besides.contains(c);
    let topics = made.all("aws_sns_topic", "name");
    assert_eq!(topics.len(), 2);
    assert!(topics.iter().all(|name| name.chars().all(letters("_-"))), "{topics:?}");
    let rules = made.all("aws_cloudwatch_event_rule", "name");
    assert!(rules.iter().all(|name| name.len() <= 64 && name.chars().all(letters("_-."))), "{rules:?}");
    let distinct: BTreeSet<&String> = rules.iter().collect();
    let keys = made.all("aws_s3_object", "key");
    let small: BTreeSet<String> = keys.iter().map(|key| key.to_lowercase()).collect();
    assert_eq!((keys.len(), small.len()), (4, 4), "file systems that know no large letters: {keys:?}");
    assert_eq!((rules.len(), distinct.len()), (5, 5), "{rules:?}");
}

#[test]
fn eventbridge_is_let_in_by_its_rules_and_s3_by_bucket_and_account() {
    let made = Made::of(CONFIG, &[]);
    let rules = "arn:aws:events:eu-west-2:123456789012:rule/lakegauge.*";
    for queue in ["objects", "dead"] {
        let found = made.conditions(&format!("aws_sqs_queue_policy.senders[\"{queue}\"]"));
        assert_eq!(found, [serde_json::json!({"ArnLike": {"aws:SourceArn": rules}})], "{queue}");
    }
    assert!(!made.all("aws_lambda_permission", "source_account").contains(&"123456789012".to_owned()));
    assert!(
        made.all("aws_lambda_permission", "source_arn").iter().all(|arn| arn.contains("lakegauge-remedy-"))
    );
    let made = Made::of(CONFIG, &["--events", "s3"]);
    let expect = serde_json::json!({
        "ArnLike": {"aws:SourceArn": "arn:aws:s3:::acme-lake"},
        "StringEquals": {"aws:SourceAccount": "123456789012"},
    });
    assert_eq!(made.conditions("aws_sqs_queue_policy.senders[\"objects\"]"), [expect]);
}

#[test]
fn filters_of_the_bucket_are_encoded() {
    let filters = |config: &str| {
        let made = Made::of(config, &["--events", "s3"]);
        let queues = made.one("aws_s3_bucket_notification.lake")["queue"].as_array().unwrap().clone();
        queues.iter().map(|queue| queue["filter_prefix"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        filters(&CONFIG.replace("team*x", "été")),
        ["calm/", "fired/", "%C3%A9t%C3%A9/region%3Deu/sp+ace/"]
    );
    assert_eq!(filters(CONFIG), ["calm/", "fired/", "team"]);
}

#[test]
fn wildcards_of_a_path_are_letters_in_a_policy() {
    let made = Made::of(&CONFIG.replace("team*x", "a$b?*x"), &[]);
    let conditions = made.conditions("aws_iam_role_policy.function[\"schedule\"]");
    let expect = serde_json::json!(["a${$}b${?}${*}x/region=eu/sp ace/*", "calm/*", "fired/*"]);
    assert_eq!(conditions[0]["StringLike"]["s3:prefix"], expect);
}

#[test]
fn a_dashboard_shows_a_metric_once_and_judgements_on_an_axis_of_their_own() {
    let made = Made::of(CONFIG, &[]);
    let body = made.one("aws_cloudwatch_dashboard.this")["dashboard_body"].as_str().unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    let mut widgets = body["widgets"].as_array().unwrap().iter();
    let widget = widgets.find(|w| w["type"] == "metric" && w["properties"]["title"] == "Kpi").unwrap();
    let metrics = widget["properties"]["metrics"].as_array().unwrap().iter();
    let metrics: Vec<String> = metrics.map(Value::to_string).collect();
    let distinct: BTreeSet<&String> = metrics.iter().collect();
    assert_eq!(metrics.len(), distinct.len(), "{metrics:?}");
    let size = r#"["Lakegauge","TotalFileSize","Dataset","Kpi"]"#;
    let late = r#"["Lakegauge","Late","Dataset","Kpi",{"yAxis":"right"}]"#;
    for metric in [size, late] {
        assert!(metrics.contains(&metric.to_owned()), "{metrics:?}");
    }
}

#[test]
fn a_tick_that_fails_is_neither_tried_again_nor_kept() {
    let made = Made::of(CONFIG, &[]);
    let dead = "arn:aws:stub:::aws_sqs_queue/lakegauge-dead";
    for function in ["schedule", "alarm"] {
        let config =
            |name: &str| made.one(&format!("aws_lambda_function_event_invoke_config.{name}[\"{function}\"]"));
        assert_eq!(config("tick")["qualifier"], "tick");
        assert_eq!(config("tick")["maximum_retry_attempts"], 0);
        assert_eq!(config("tick")["destination_config"], serde_json::json!([]));
        assert_eq!(config("once")["maximum_retry_attempts"], 2);
        assert_eq!(config("once")["destination_config"][0]["on_failure"][0]["destination"], dead);
        let made = made.one(&format!("aws_lambda_function.function[\"{function}\"]"));
        assert_eq!(
            made["dead_letter_config"],
            serde_json::json!([]),
            "a queue of the function is one of its ticks"
        );
    }
    let tick = "arn:aws:stub:::aws_lambda_alias/tick";
    assert_eq!(made.one("aws_scheduler_schedule.tick")["target"][0]["arn"], tick);
    assert!(
        made.one("aws_cloudwatch_event_target.remedy[\"tick\"]")["arn"].as_str().unwrap().ends_with(":tick")
    );
    assert_eq!(made.one("aws_lambda_permission.remedy[\"tick\"]")["qualifier"], "tick");
}

#[test]
fn a_store_of_ones_own_is_refused_at_its_line() {
    let desk = Desk::new();
    let told = |endpoint: &str, ends: i32| {
        let line = format!("region: eu-west-2\nendpoint_url: {endpoint}\n");
        desk.config(&CONFIG.replace("region: eu-west-2\n", &line));
        desk.run(&["terraform", "-o", "out", "--force"]).ends(ends).stderr
    };
    insta::assert_snapshot!("elsewhere", told("http://localhost:9000", 2));
    assert!(!desk.path("out").exists(), "nothing is written");
    told("https://amazonaws.com.acme.example", 2);
    told("https://bucket.vpce-1a2b-5c6d.s3.eu-west-2.vpce.amazonaws.com", 0);
    told("https://s3.cn-north-1.amazonaws.com.cn/", 0);
}
