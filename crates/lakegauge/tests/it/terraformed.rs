//! The output of `lakegauge terraform`, run through the real Terraform with the AWS provider's own schema, and through
//! checkov.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lakegauge_cloudwatch::cost::{Way, shared};
use lakegauge_testbed::tool;
use serde_json::Value;

use crate::harness::Desk;

/// The examples that people copy.
const EXAMPLES: [&str; 4] = ["simple.yaml", "first-design.yaml", "varied.yaml", "receivers.yaml"];

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples")
}

/// A folder with the examples.
pub(crate) fn desk() -> Desk {
    let desk = Desk::new();
    for name in EXAMPLES.iter().chain(&["uk-bank-holidays.ics", "calendars/closed.ics"]) {
        fs::create_dir_all(desk.path(name).parent().unwrap()).unwrap();
        fs::copy(examples().join(name), desk.path(name)).unwrap();
    }
    desk
}

/// A written module.
pub(crate) struct Module(PathBuf);

impl Module {
    pub(crate) fn of(desk: &Desk, config: &str, options: &[&str]) -> Module {
        let args = [&["terraform", "-c", config, "-o", "out"], options].concat();
        desk.run(&args).ends(0);
        fs::write(desk.path("out/lakegauge-lambda.zip"), "a zip").unwrap();
        Module(desk.path("out"))
    }

    fn terraform(&self, args: &[&str]) -> Output {
        let program = tool("terraform").unwrap();
        let settings = program.with_file_name("terraform.tfrc");
        let mut command = Command::new(program);
        command
            .args(args)
            .current_dir(&self.0)
            .env("TF_CLI_CONFIG_FILE", settings)
            .env("TF_IN_AUTOMATION", "1");
        command.output().unwrap()
    }

    #[track_caller]
    pub(crate) fn runs(&self, args: &[&str]) -> String {
        let output = self.terraform(args);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(output.status.success(), "{args:?}\n{}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    /// The plan, as `terraform show -json` prints it. Nothing is sent to AWS.
    pub(crate) fn plan(&self) -> Value {
        self.runs(&["plan", "-no-color", "-input=false", "-out=planned"]);
        serde_json::from_str(&self.runs(&["show", "-json", "planned"])).unwrap()
    }

    pub(crate) fn apply(&self) {
        self.runs(&["apply", "-no-color", "-input=false", "planned"]);
    }

    /// Applies it, and returns every resource as Terraform then knows it.
    pub(crate) fn made(&self) -> Vec<Value> {
        self.plan();
        self.apply();
        let state: Value = serde_json::from_str(&self.runs(&["show", "-json"])).unwrap();
        state["values"]["root_module"]["resources"].as_array().unwrap().clone()
    }
}

/// The addresses that a plan changes, with the actions.
fn changed(plan: &Value) -> BTreeMap<String, String> {
    let changes = plan["resource_changes"].as_array().unwrap().iter();
    let changes =
        changes.map(|c| (c["address"].as_str().unwrap().to_owned(), c["change"]["actions"].to_string()));
    changes.filter(|(_, actions)| actions != r#"["no-op"]"#).collect()
}

/// The effect on each resource that `plan` reports against `before.yaml`, in Terraform's words.
fn told(desk: &Desk, config: &str) -> BTreeMap<String, String> {
    let args = ["plan", "-c", config, "--against", "before.yaml", "--format", "json"];
    let aws = desk.run(&args).ends(0).json()["aws"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |r: &Value| (text(&r["address"]), format!("[\"{}\"]", text(&r["action"])));
    aws.iter().map(line).collect()
}

/// Terraform formats, validates, plans and applies it, and then has nothing left to do.
#[track_caller]
fn takes(example: &str, options: &[&str]) {
    let desk = desk();
    let module = Module::of(&desk, example, options);
    module.runs(&["fmt", "-check", "-recursive", "-diff"]);
    module.runs(&["validate", "-no-color"]);
    let plan = module.plan();
    assert!(changed(&plan).len() > 30, "{:?}", changed(&plan).keys());
    module.apply();
    assert_eq!(changed(&module.plan()), BTreeMap::new());
}

#[test]
fn terraform_takes_the_simple_example_without_events() {
    takes("simple.yaml", &["--events", "none"]);
}

#[test]
fn terraform_takes_the_first_design_with_its_naming() {
    takes("first-design.yaml", &["--naming", "original"]);
}

#[test]
fn terraform_takes_the_varied_example() {
    takes("varied.yaml", &[]);
}

#[test]
fn terraform_takes_the_varied_example_with_the_buckets_own_events() {
    takes("varied.yaml", &["--events", "s3"]);
}

#[test]
fn terraform_takes_the_receivers_example() {
    takes("receivers.yaml", &[]);
}

#[test]
fn an_alarm_tells_the_receivers_of_its_dataset() {
    let desk = desk();
    let module = Module::of(&desk, "receivers.yaml", &[]);
    let settings = r#"
emails         = ["all@acme.example"]
endpoints      = { on-call = "https://events.pagerduty.com/integration/SECRET/enqueue" }
slack_channels = { shop = { workspace_id = "T0", channel_id = "C0" } }
"#;
    fs::write(desk.path("out/terraform.tfvars"), settings).unwrap();
    let plan = module.runs(&["plan", "-no-color", "-input=false", "-out=planned"]);
    assert!(!plan.contains("SECRET") && !plan.contains("cannot be reached"), "{plan}");
    module.apply();
    let state: Value = serde_json::from_str(&module.runs(&["show", "-json"])).unwrap();
    let resources = state["values"]["root_module"]["resources"].as_array().unwrap();
    let of = |kind: &str, key: &str| {
        let found = resources.iter().find(|r| r["type"] == kind && (key.is_empty() || r["index"] == key));
        found.unwrap_or_else(|| panic!("{kind} {key}"))["values"].clone()
    };
    let topic = |name: &str| format!("arn:aws:stub:::aws_sns_topic/lakegauge-alarms{name}");
    let audit = "arn:aws:sns:eu-west-2:123456789012:audit".to_owned();
    let told = |alarm: &str| {
        let alarm = of("aws_cloudwatch_metric_alarm", alarm);
        assert_eq!(alarm["alarm_actions"], alarm["ok_actions"]);
        serde_json::from_value::<BTreeSet<String>>(alarm["alarm_actions"].clone()).unwrap()
    };
    assert_eq!(told("orders/Late-high"), [topic("-shop"), topic("-on-call")].into());
    assert_eq!(told("stock/Late-high"), [topic("-shop")].into());
    assert_eq!(told("web/clicks/Late-high"), [topic(""), audit.clone()].into());
    assert_eq!(told("dead-letters"), [topic(""), audit].into());
    let subscribed: BTreeMap<String, (String, String)> = resources
        .iter()
        .filter(|r| r["type"] == "aws_sns_topic_subscription")
        .map(|r| {
            let text = |key: &str| r["values"][key].as_str().unwrap().to_owned();
            (r["index"].as_str().unwrap().to_owned(), (text("protocol"), text("topic_arn")))
        })
        .collect();
    let by = |protocol: &str, name: &str| (protocol.to_owned(), topic(name));
    let expect = [
        ("alarms/all@acme.example", by("email", "")),
        ("alarms/data-team", by("email", "")),
        ("alarms/on-call", by("https", "")),
        ("on-call/on-call", by("https", "-on-call")),
    ];
    assert_eq!(subscribed, expect.map(|(key, value)| (key.to_owned(), value)).into());
    let slack = of("aws_chatbot_slack_channel_configuration", "shop");
    let topics: BTreeSet<String> = serde_json::from_value(slack["sns_topic_arns"].clone()).unwrap();
    assert_eq!(topics, [topic(""), topic("-shop")].into());
    assert_eq!(state["values"]["outputs"]["unreached"]["value"], serde_json::json!([]));

    // `cost` counts the existing alarms.
    let alarms = resources.iter().filter(|r| r["type"] == "aws_cloudwatch_metric_alarm");
    let (own, datasets): (Vec<&Value>, Vec<&Value>) = alarms.partition(|alarm| alarm["name"] != "dataset");
    assert_eq!(own.len() as f64, shared(Way::Serverless, 0.0, true).alarms);
    assert_eq!(datasets.len(), 33);

    // Without settings, Terraform warns about who is not reached, and continues.
    fs::remove_file(desk.path("out/terraform.tfvars")).unwrap();
    let plan = module.runs(&["plan", "-no-color", "-input=false"]);
    assert!(
        plan.split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("These receivers in the config cannot be reached: on-call, shop."),
        "{plan}"
    );
}

#[test]
fn what_is_left_to_do_is_said() {
    let desk = desk();
    insta::assert_snapshot!(
        "terraform",
        desk.run(&["terraform", "-c", "receivers.yaml", "-o", "infra"]).ends(0)
    );
    insta::assert_snapshot!(
        "terraform_again",
        desk.run(&["terraform", "-c", "simple.yaml", "-o", "infra", "--events", "none"]).ends(0)
    );
    let many = ["a", "b", "c", "d", "e", "f"];
    let receivers: String =
        many.iter().map(|name| format!("  {name}: {{ email: {name}@acme.example }}\n")).collect();
    let config = "lake: s3://l\nregion: eu-west-2\ndatasets:\n  x: { path: 'x/{date}/', notify: [a, b, c, d, e, f] }\nnotify:\n";
    desk.write("many.yaml", &format!("{config}{receivers}"));
    let said = desk.run(&["terraform", "-c", "many.yaml", "-o", "many"]).ends(2).stderr;
    assert!(said.contains("`x` names 6 receivers"), "{said}");
}

#[test]
fn every_example_is_tried() {
    let found =
        fs::read_dir(examples()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> = found.filter(|name| name.ends_with(".yaml")).collect();
    assert_eq!(found, EXAMPLES.map(str::to_owned).into());
}

#[test]
fn changing_one_dataset_changes_its_own_resources() {
    let desk = desk();
    let module = Module::of(&desk, "varied.yaml", &[]);
    let plan = module.plan();
    let alarm = |plan: &Value, key: &str| {
        let all = plan["planned_values"]["root_module"]["resources"].as_array().unwrap().clone();
        all.into_iter()
            .find(|r| r["address"] == format!("aws_cloudwatch_metric_alarm.dataset[\"{key}\"]"))
            .unwrap()
    };
    // Texts from the config arrive as typed, whatever they look like to Terraform.
    let size = alarm(&plan, "billing/TotalFileSize-band")["values"].clone();
    let described = size["alarm_description"].as_str().unwrap();
    assert!(described.contains(r#"finance "${team}" %{ 100 % } \ d'été"#), "{described}");
    assert!(described.ends_with("https://wiki.example/billing?day=%7Bdate%7D&x=${y}"), "{described}");
    // lakegauge judges what a missing partition means; where it means nothing, CloudWatch counts partitions itself.
    let numbers = |alarm: &Value| {
        ["threshold", "datapoints_to_alarm", "evaluation_periods", "period"]
            .map(|name| alarm[name].as_f64().unwrap())
    };
    assert_eq!(numbers(&size), [1.0, 1.0, 1.0, 60.0]);
    let count = alarm(&plan, "web/events/ObjectCount-low")["values"].clone();
    assert_eq!(
        (numbers(&count), count["treat_missing_data"].as_str()),
        ([4.0, 2.0, 3.0, 3600.0], Some("ignore"))
    );
    module.apply();

    let before = fs::read_to_string(desk.path("varied.yaml")).unwrap();
    desk.write("before.yaml", &before);
    let told = || told(&desk, "varied.yaml");
    desk.write("varied.yaml", &before.replace("at_least: 2MB", "at_least: 3MB"));
    let plan = Module::of(&desk, "varied.yaml", &[]).plan();
    let update = |address: &str| (address.to_owned(), r#"["update"]"#.to_owned());
    let expect = [
        update(r#"aws_cloudwatch_metric_alarm.dataset["billing/TotalFileSize-band"]"#),
        update(r#"aws_s3_object.dataset["billing"]"#),
    ];
    assert_eq!(changed(&plan), expect.into());
    assert_eq!(told(), changed(&plan));

    // A removed receiver takes its own resources along; a resource that names all receivers is reported.
    let start = before.find("  forecast:").unwrap();
    let end = before.find("  ledger:").unwrap();
    desk.write("varied.yaml", &format!("{}{}", &before[..start], &before[end..]));
    let plan = Module::of(&desk, "varied.yaml", &[]).plan();
    assert_eq!(told(), changed(&plan));
    let others: BTreeSet<String> = changed(&plan).into_keys().filter(|a| !a.contains("forecast")).collect();
    let shared = [
        "aws_cloudwatch_dashboard.this",
        r#"aws_iam_role_policy.function["objects"]"#,
        r#"aws_iam_role_policy.function["schedule"]"#,
        r#"aws_scheduler_schedule.deadline["america-new-york-0900"]"#,
    ];
    assert_eq!(others, shared.map(str::to_owned).into());
}

#[test]
fn plan_says_what_terraform_will_do() {
    let desk = desk();
    let module = Module::of(&desk, "receivers.yaml", &[]);
    module.plan();
    module.apply();
    let before = fs::read_to_string(desk.path("receivers.yaml")).unwrap();
    desk.write("before.yaml", &before);
    let remedy = before.find("    remediate:\n").unwrap();
    let after = before[remedy..].find("  stock:").unwrap() + remedy;
    let after = format!("{}{}", &before[..remedy], &before[after..])
        .replace(
            "  remediate: { lambda: \"arn:aws:lambda:eu-west-2:123456789012:function:open-ticket\" }\n",
            "  look_back: 5\n",
        )
        .replace("    remediate: off\n", "")
        .replace("notify: shop", "notify: [shop, data-team]")
        .replace(
            "  web/clicks:\n",
            "  refunds:\n    path: refunds/{date}/\n    due: +1d 07:00\n  web/clicks:\n",
        );
    desk.write("receivers.yaml", &after);
    let plan = Module::of(&desk, "receivers.yaml", &[]).plan();
    assert_eq!(told(&desk, "receivers.yaml"), changed(&plan));
    assert!(changed(&plan).len() > 30, "{:?}", changed(&plan));
    insta::assert_snapshot!(
        "plan_json",
        desk.run(&["plan", "-q", "-c", "receivers.yaml", "--against", "before.yaml", "--format", "json"])
            .ends(0)
    );
    insta::assert_snapshot!(
        "plan_text",
        desk.run(&["plan", "-q", "-c", "receivers.yaml", "--against", "before.yaml"]).ends(0)
    );
}

#[test]
fn checkov_finds_nothing_unexplained() {
    let desk = desk();
    for (example, events) in
        [("varied.yaml", "eventbridge"), ("varied.yaml", "s3"), ("receivers.yaml", "none")]
    {
        let module = Module::of(&desk, example, &["--events", events, "--force"]);
        let mut command = Command::new(tool("checkov").unwrap());
        command
            .args(["--framework", "terraform", "--compact", "--output", "json", "--directory"])
            .arg(&module.0);
        let output = command.env("BC_SKIP_MAPPING", "TRUE").env("LOG_LEVEL", "CRITICAL").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let report: Value = serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"));
        let failed = report["results"]["failed_checks"].as_array().unwrap();
        let failed: Vec<String> =
            failed.iter().map(|c| format!("{} {}", c["check_id"], c["resource"])).collect();
        assert_eq!(failed, Vec::<String>::new());
        assert!(report["summary"]["passed"].as_u64().unwrap() > 40, "{}", report["summary"]);
        assert_eq!(report["summary"]["parsing_errors"], 0);
    }
}
