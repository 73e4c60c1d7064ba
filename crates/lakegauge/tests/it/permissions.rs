//! The functions' roles allow exactly what the functions call, each on its resource only.

use std::collections::BTreeSet;

use lakegauge_aws::calls::{CALLS, Function, Resource};
use serde_json::{Value, json};

use crate::terraformed::{Module, desk};

/// An action, a resource, and the condition under which it is allowed.
type Right = (String, String, String);

/// A resource of the table in the example's deployment, whose stub gives every ARN.
fn place(resource: Resource, function: &str) -> (String, Value) {
    let queue = |name: &str| format!("arn:aws:stub:::aws_sqs_queue/lakegauge-{name}");
    let none = Value::Null;
    match resource {
        Resource::LakeListing => (
            "arn:aws:s3:::acme-lake".to_owned(),
            json!({"StringLike": {"s3:prefix": ["refined/kpi/sales/*"]}}),
        ),
        Resource::StateListing => (
            "arn:aws:s3:::acme-state".to_owned(),
            json!({"StringLikeIfExists": {"s3:prefix": ["ops/lakegauge/*"]}}),
        ),
        Resource::Config => ("arn:aws:s3:::acme-state/ops/lakegauge/config/*".to_owned(), none),
        Resource::State => ("arn:aws:s3:::acme-state/ops/lakegauge/state/*".to_owned(), none),
        Resource::Metrics => ("*".to_owned(), json!({"StringEquals": {"cloudwatch:namespace": "Lakegauge"}})),
        Resource::Log => {
            (format!("arn:aws:stub:::aws_cloudwatch_log_group//aws/lambda/lakegauge-{function}:*"), none)
        }
        Resource::Queue => (queue("objects"), none),
        Resource::DeadLetters => (queue("dead"), none),
        Resource::Remedies => ("arn:aws:lambda:eu-west-2:1:function:rerun".to_owned(), none),
        Resource::Secrets => ("arn:aws:secretsmanager:eu-west-2:1:secret:airflow".to_owned(), none),
        Resource::Parameters => ("arn:aws:ssm:eu-west-2:1:parameter/airflow".to_owned(), none),
    }
}

fn called(function: Function, name: &str) -> BTreeSet<Right> {
    let calls = CALLS.iter().filter(|call| call.by.contains(&function));
    let right = |call: &lakegauge_aws::calls::Call| {
        let (resource, condition) = place(call.on, name);
        (call.action.to_owned(), resource, condition.to_string())
    };
    calls.map(right).collect()
}

/// The rights in a policy, one per action and resource.
fn rights(policy: &str) -> BTreeSet<Right> {
    let policy: Value = serde_json::from_str(policy).unwrap();
    let mut found = BTreeSet::new();
    for statement in policy["Statement"].as_array().unwrap() {
        assert_eq!(statement["Effect"], "Allow");
        let texts = |key: &str| {
            let values = statement[key].as_array().unwrap().iter();
            values.map(|value| value.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for (action, resource) in
            texts("Action").iter().flat_map(|a| texts("Resource").into_iter().map(move |r| (a, r)))
        {
            found.insert((action.clone(), resource, statement["Condition"].to_string()));
        }
    }
    found
}

#[test]
fn each_action_that_is_called_is_allowed_and_nothing_else_is() {
    let desk = desk();
    let config = std::fs::read_to_string(desk.path("first-design.yaml")).unwrap();
    desk.write("remedied.yaml", &format!("{config}\ndefaults:\n  remediate:\n    lambda: arn:aws:lambda:eu-west-2:1:function:rerun\n    airflow: {{ url: https://airflow.example, dag: rerun, secret: arn:aws:secretsmanager:eu-west-2:1:secret:airflow }}\n")
        .replace("datasets:\n", "datasets:\n  other:\n    path: kpi/sales/other/date={date}/\n    remediate: { airflow: { url: https://airflow.example, dag: x, secret: arn:aws:ssm:eu-west-2:1:parameter/airflow } }\n"));
    let module = Module::of(&desk, "remedied.yaml", &[]);
    std::fs::write(
        desk.path("out/terraform.tfvars"),
        "state_bucket = \"acme-state\"\nstate_prefix = \"ops/lakegauge\"\n",
    )
    .unwrap();
    module.plan();
    module.apply();
    let state: Value = serde_json::from_str(&module.runs(&["show", "-json"])).unwrap();
    let resources = state["values"]["root_module"]["resources"].as_array().unwrap();
    let policy = |address: &str| {
        let found = resources.iter().find(|r| r["address"] == address).unwrap();
        rights(found["values"]["policy"].as_str().unwrap())
    };
    let policies = resources.iter().filter(|r| r["type"] == "aws_iam_role_policy").count();
    assert_eq!(policies, 4, "a role of each function, and the scheduler's");
    let functions =
        [(Function::Schedule, "schedule"), (Function::Objects, "objects"), (Function::Alarm, "alarm")];
    for (function, name) in functions {
        let address = format!("aws_iam_role_policy.function[\"{name}\"]");
        assert_eq!(policy(&address), called(function, name), "{name}");
    }
    let right = |action: &str, resource: &str| (action.to_owned(), resource.to_owned(), "null".to_owned());
    let scheduler = [
        right("lambda:InvokeFunction", "arn:aws:stub:::aws_lambda_function/lakegauge-schedule"),
        right("lambda:InvokeFunction", "arn:aws:stub:::aws_lambda_alias/tick"),
        right("sqs:SendMessage", "arn:aws:stub:::aws_sqs_queue/lakegauge-dead"),
    ];
    assert_eq!(policy("aws_iam_role_policy.scheduler"), scheduler.into());
}
