//! `remediate`: what runs when an alarm fires.

use lakegauge_core::metric::Metric;
use lakegauge_core::remedy::{Airflow, Api, Remedy};

use super::key::{Key, Place};
use super::mapping::Mapping;
use super::problem::Problem;
use super::tree::{Node, Value};
use super::{scalar, suggestion};

pub(super) const REMEDY: &[Key] = &[
    Key {
        name: "lambda",
        doc: "The ARN of a Lambda function to invoke, with the evidence as its event.",
        schema: r#"{"type": "string", "pattern": "^arn:[^:]+:lambda:[^:]+:[^:]+:function:.+$"}"#,
        place: Place::Plain,
        examples: [
            "lambda: \"arn:aws:lambda:eu-west-1:1:function:rerun\"",
            "lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\"",
        ],
    },
    Key {
        name: "airflow",
        doc: "An Airflow DAG to run, with the evidence as its `conf`.",
        schema: r##"{"$ref": "#/$defs/airflow"}"##,
        place: Place::Airflow,
        examples: [
            "airflow: { url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\" }",
            "lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\"",
        ],
    },
    Key {
        name: "metrics",
        doc: "Only for alarms on these metrics. Default: all of them.",
        schema: r#"{"type": "array", "minItems": 1, "items": {"type": "string"}}"#,
        place: Place::Plain,
        examples: [
            "lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\"",
            "lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\", metrics: [Late]",
        ],
    },
];

pub(super) const AIRFLOW: &[Key] = &[
    Key {
        name: "url",
        doc: "The address of Airflow's web server. Required.",
        schema: r#"{"type": "string", "format": "uri", "pattern": "^https?://", "examples": ["https://airflow.example"]}"#,
        place: Place::Plain,
        examples: [
            "url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\"",
            "url: https://b, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\"",
        ],
    },
    Key {
        name: "dag",
        doc: "The DAG's id. Required.",
        schema: r#"{"type": "string"}"#,
        place: Place::Plain,
        examples: [
            "url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\"",
            "url: https://a, dag: two, secret: \"arn:aws:ssm:x:1:parameter/a\"",
        ],
    },
    Key {
        name: "secret",
        doc: "The ARN of the secret (Secrets Manager) or the parameter (Systems Manager) with the credentials. Required.",
        schema: r#"{"type": "string", "pattern": "^arn:[^:]+:(secretsmanager:[^:]+:[^:]+:secret:|ssm:[^:]+:[^:]+:parameter/).+$"}"#,
        place: Place::Credential,
        examples: [
            "url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\"",
            "url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/b\"",
        ],
    },
    Key {
        name: "api",
        doc: "`v2` of Airflow 3, or `v1` of Airflow 2. Default: v2.",
        schema: r#"{"enum": ["v1", "v2"], "default": "v2"}"#,
        place: Place::Plain,
        examples: [
            "url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\", api: v2",
            "url: https://a, dag: one, secret: \"arn:aws:ssm:x:1:parameter/a\", api: v1",
        ],
    },
];

/// Reads `remediate` of a dataset; `off` disables the one in `defaults`.
pub(super) fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Remedy> {
    if matches!(&node.value, Value::Text(word) if word == "off" || word == "false") {
        return None;
    }
    let mapping = Mapping::read(node, "`remediate`", REMEDY, problems)?;
    let remedy = Remedy {
        function: mapping.get("lambda").and_then(|node| function(node, problems)),
        airflow: mapping.get("airflow").and_then(|node| airflow(node, problems)),
        metrics: mapping.get("metrics").map(|node| metrics(node, problems)).unwrap_or_default(),
    };
    if mapping.get("lambda").is_none() && mapping.get("airflow").is_none() {
        let hint = "add `lambda: ARN`, or `airflow: { url: …, dag: …, secret: … }`";
        problems.push(Problem::error(node.span.clone(), "nothing to run").hint(hint));
    }
    Some(remedy)
}

fn function(node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    arn(node, "a function", &["lambda:function:"], "arn:aws:lambda:REGION:ACCOUNT:function:NAME", problems)
}

fn airflow(node: &Node, problems: &mut Vec<Problem>) -> Option<Airflow> {
    let mapping = Mapping::read(node, "`airflow`", AIRFLOW, problems)?;
    for name in ["url", "dag", "secret"] {
        if mapping.get(name).is_none() {
            let hint = "such as `airflow: { url: https://airflow.example, dag: rerun, secret: arn:aws:secretsmanager:… }`";
            problems.push(Problem::error(node.span.clone(), format!("`airflow` has no `{name}`")).hint(hint));
        }
    }
    let url = mapping.get("url").and_then(|node| scalar::http_url(node, "Airflow's address", problems));
    let dag = mapping.get("dag").and_then(|node| dag(node, problems));
    let secret = mapping.get("secret").and_then(|node| {
        let kinds = ["secretsmanager:secret:", "ssm:parameter/"];
        arn(node, "a secret", &kinds, "arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME", problems)
    });
    let api = match mapping.get("api").and_then(|node| Some((node, scalar::text(node, "api", problems)?))) {
        None | Some((_, "v2")) => Api::V2,
        Some((_, "v1")) => Api::V1,
        Some((node, typed)) => {
            let message = format!("api cannot be `{typed}`");
            problems.push(Problem::error(node.span.clone(), message).hint("write `v1` or `v2`"));
            Api::V2
        }
    };
    Some(Airflow { url: url?.trim_end_matches('/').to_owned(), dag: dag?, secret: secret?, api })
}

/// A DAG's id: it becomes part of an address.
fn dag(node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    let typed = scalar::text(node, "a DAG's id", problems)?;
    if typed.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c)) {
        return Some(typed.to_owned());
    }
    let problem = Problem::error(node.span.clone(), format!("`{typed}` is not a valid DAG id"));
    problems.push(problem.hint("a DAG id has letters, digits, `_`, `-` and `.`"));
    None
}

/// An ARN of one of `kinds` (`SERVICE:` and how the resource begins). No message repeats a possible secret.
fn arn(
    node: &Node,
    what: &str,
    kinds: &[&str],
    example: &str,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let typed = scalar::text(node, what, problems)?;
    let parts: Vec<&str> = typed.splitn(6, ':').collect();
    let [first, partition, service, region, account, resource] = parts.as_slice() else {
        problems.push(not_arn(node, what, example));
        return None;
    };
    let whole = *first == "arn" && [*partition, *region, *account].iter().all(|part| !part.is_empty());
    let of_kind = |kind: &&str| {
        let begins = kind.strip_prefix(service).and_then(|rest| rest.strip_prefix(':'));
        begins.is_some_and(|begins| resource.len() > begins.len() && resource.starts_with(begins))
    };
    if whole && kinds.iter().any(of_kind) && !typed.contains(char::is_whitespace) && !typed.contains('*') {
        return Some(typed.to_owned());
    }
    problems.push(not_arn(node, what, example));
    None
}

fn not_arn(node: &Node, what: &str, example: &str) -> Problem {
    let message = format!("this is not the ARN of {what}");
    Problem::error(node.span.clone(), message).hint(format!("write `{example}`, without `*`"))
}

fn metrics(node: &Node, problems: &mut Vec<Problem>) -> Vec<Metric> {
    let Value::List(items) = &node.value else {
        let message = format!("`metrics` is a list, this is {}", node.kind());
        problems.push(Problem::error(node.span.clone(), message).hint("write `[Missing, Late]`"));
        return Vec::new();
    };
    let mut found = Vec::new();
    for item in items {
        let Some(name) = scalar::text(item, "a metric", problems) else { continue };
        match name.parse::<Metric>() {
            Ok(metric) => found.push(metric),
            Err(_) => {
                let known: Vec<&str> = Metric::ALL.iter().map(|m| m.name()).collect();
                let hint = suggestion::metric(name, &known);
                let message = format!("unknown metric `{name}`");
                problems.push(Problem::error(item.span.clone(), message).hint(hint));
            }
        }
    }
    found
}
