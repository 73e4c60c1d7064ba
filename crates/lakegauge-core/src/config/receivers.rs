//! `notify`: who can be told. This version reads and checks receivers; it sends nothing yet, and says so.

use super::mapping::{Key, Mapping, nearest};
use super::problem::Problem;
use super::scalar;
use super::tree::{Node, Value};

/// A place that messages can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// As the datasets name it.
    pub name: String,
    /// Which kind: `slack`, `email`, …
    pub kind: String,
}

/// The kinds of receiver, and whether their address is itself a secret.
pub(super) const RECEIVERS: &[(Key, bool)] = &[
    (Key { name: "slack", doc: "A Slack webhook, by reference.", schema: SECRET }, true),
    (Key { name: "teams", doc: "A Microsoft Teams webhook, by reference.", schema: SECRET }, true),
    (Key { name: "pagerduty", doc: "A PagerDuty integration key, by reference.", schema: SECRET }, true),
    (Key { name: "webhook", doc: "Any HTTP address, by reference.", schema: SECRET }, true),
    (Key { name: "email", doc: "An address.", schema: r#"{"type": "string", "format": "email"}"# }, false),
    (
        Key {
            name: "sns",
            doc: "The ARN of an SNS topic.",
            schema: r#"{"type": "string", "pattern": "^arn:"}"#,
        },
        false,
    ),
];

const SECRET: &str = r#"{"type": "string", "pattern": "^(\\$\\{env:[A-Za-z_][A-Za-z0-9_]*\\}|file:.+)$", "examples": ["${env:SLACK_WEBHOOK}"]}"#;

pub(super) fn read(node: &Node, problems: &mut Vec<Problem>) -> Vec<Receiver> {
    let Some(mapping) = Mapping::open(node, "`notify`", problems) else { return Vec::new() };
    let mut found = Vec::new();
    for (name, _, value) in mapping.named(problems) {
        if let Some(kind) = one(value, problems) {
            found.push(Receiver { name: name.to_owned(), kind });
        }
    }
    if !found.is_empty() {
        let message = "messages are not sent by this version of lakegauge";
        let hint = "receivers are checked and kept; use the exit code or `--format json` to tell somebody";
        problems.push(Problem::warning(node.span.start..node.span.start, message).hint(hint));
    }
    found
}

fn one(node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    let keys: Vec<Key> = RECEIVERS.iter().map(|(key, _)| *key).collect();
    let mapping = Mapping::read(node, "a receiver", &keys, problems)?;
    let mut kinds = RECEIVERS.iter().filter_map(|(key, secret)| Some((key, secret, mapping.get(key.name)?)));
    let Some((key, is_secret, value)) = kinds.next() else {
        let message = "a receiver needs a kind";
        problems.push(
            Problem::error(node.span.clone(), message).hint("such as `{ slack: \"${env:SLACK_WEBHOOK}\" }`"),
        );
        return None;
    };
    if let Some((_, _, second)) = kinds.next() {
        problems.push(
            Problem::error(second.span.clone(), "a receiver has one kind").hint("give it a name of its own"),
        );
    }
    let text = scalar::text(value, key.name, problems)?;
    let referred = text.starts_with("file:") || (text.starts_with("${env:") && text.ends_with('}'));
    if *is_secret && !referred {
        let hint = format!("write `{}: \"${{env:NAME}}\"` or `{}: file:PATH`", key.name, key.name);
        let message = format!("the {} address is a secret and stands here in plain", key.name);
        let at = value.span.clone();
        problems.push(Problem::error(at.clone(), message).hint(hint).secret(at));
    }
    Some(key.name.to_owned())
}

/// `notify` of a dataset: names of receivers.
pub(super) fn names(node: &Node, known: &[&str], problems: &mut Vec<Problem>) {
    let items: Vec<&Node> = match &node.value {
        Value::List(items) => items.iter().collect(),
        Value::Text(_) | Value::Map(_) => vec![node],
    };
    for item in items {
        let Some(name) = scalar::text(item, "a receiver's name", problems) else { continue };
        if known.contains(&name) {
            continue;
        }
        let hint = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "define it under the top-level `notify`".to_owned(),
        };
        problems.push(Problem::error(item.span.clone(), format!("unknown receiver `{name}`")).hint(hint));
    }
}

/// An http or https URL.
pub(super) fn http_url(node: &Node, what: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let typed = scalar::text(node, what, problems)?;
    let rest = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://"));
    if rest.is_none_or(|rest| rest.is_empty() || rest.starts_with('/') || rest.contains(char::is_whitespace))
    {
        let message = format!("{what} is an http or https URL, not `{typed}`");
        problems
            .push(Problem::error(node.span.clone(), message).hint("such as https://wiki.example/kpi-sales"));
        return None;
    }
    Some(typed.to_owned())
}
