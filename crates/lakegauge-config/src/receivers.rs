//! `notify`: the receivers of messages. This version reads and checks receivers. On AWS, messages go to SNS topics;
//! elsewhere nothing is sent yet, and a warning says that.

use std::fmt;
use std::ops::Range;

use super::mapping::{Key, Mapping};
use super::problem::Problem;
use super::tree::{Node, Value};
use super::{scalar, suggestion};

/// A place that messages can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// As the datasets name it.
    pub name: String,
    /// Its kind: `slack`, `email`, …
    pub kind: String,
    /// Its address, if that is not a secret: for `email` and `sns`.
    pub address: Option<String>,
    /// Where its address is stored, if that is a secret.
    pub reference: Option<Reference>,
}

impl Receiver {
    /// Its kind and its address: `slack ${env:SLACK_WEBHOOK}`, `email ops@example.org`. Never a secret.
    pub(super) fn in_words(&self) -> String {
        let kept = self.reference.as_ref().map(Reference::to_string);
        match self.address.as_ref().or(kept.as_ref()) {
            Some(place) => format!("{} {place}", self.kind),
            None => self.kind.clone(),
        }
    }
}

/// The kinds of receiver, and whether their address is itself a secret.
pub(super) const RECEIVERS: &[(Key, bool)] = &[
    (
        Key {
            name: "slack",
            doc: "A Slack webhook, as a reference (`${env:NAME}` or `file:PATH`).",
            schema: SECRET,
        },
        true,
    ),
    (Key { name: "teams", doc: "A Microsoft Teams webhook, as a reference.", schema: SECRET }, true),
    (Key { name: "pagerduty", doc: "A PagerDuty integration key, as a reference.", schema: SECRET }, true),
    (Key { name: "webhook", doc: "Any HTTP address, as a reference.", schema: SECRET }, true),
    (
        Key { name: "email", doc: "An email address.", schema: r#"{"type": "string", "format": "email"}"# },
        false,
    ),
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

/// Reads the top-level `notify`, the value of `key`.
pub(super) fn read(key: &Node, node: &Node, problems: &mut Vec<Problem>) -> Vec<Receiver> {
    let Some(mapping) = Mapping::open(node, "`notify`", problems) else { return Vec::new() };
    let mut found = Vec::new();
    for (name, _, value) in mapping.named(problems) {
        if let Some(receiver) = one(name, value, problems) {
            found.push(receiver);
        }
    }
    if !found.is_empty() {
        let message = "this version of lakegauge sends no messages itself";
        let hint = "on AWS the topics of `lakegauge terraform` notify them; elsewhere use the exit code or `--format json`";
        problems.push(Problem::warning(key.span.clone(), message).hint(hint));
    }
    found
}

fn one(name: &str, node: &Node, problems: &mut Vec<Problem>) -> Option<Receiver> {
    let keys: Vec<Key> = RECEIVERS.iter().map(|(key, _)| *key).collect();
    let mapping = Mapping::read(node, "a receiver", &keys, problems)?;
    let given: Vec<(&Key, bool, &Node)> =
        RECEIVERS.iter().filter_map(|(key, secret)| Some((key, *secret, mapping.get(key.name)?))).collect();
    for (key, secret, value) in &given {
        address(key, *secret, value, problems);
    }
    if let Some((_, _, second)) = given.get(1) {
        let problem = Problem::error(second.span.clone(), "a receiver has only one kind");
        problems.push(problem.hint("define another receiver for this one"));
    }
    let Some((key, secret, value)) = given.first() else {
        let hint = "such as `{ slack: \"${env:SLACK_WEBHOOK}\" }`";
        problems.push(Problem::error(node.span.clone(), "a receiver needs a kind").hint(hint));
        return None;
    };
    let (address, reference) = match &value.value {
        Value::Text(address) if !secret => (Some(address.clone()), None),
        Value::Text(text) => (None, reference(text)),
        _ => (None, None),
    };
    Some(Receiver { name: name.to_owned(), kind: key.name.to_owned(), address, reference })
}

/// Checks a receiver's address against its kind. No message repeats a possible secret.
fn address(key: &Key, secret: bool, node: &Node, problems: &mut Vec<Problem>) {
    let Some(text) = scalar::text(node, key.name, problems) else { return };
    let name = key.name;
    let (message, hint) = match name {
        _ if secret && text.starts_with("${") && !is_reference(text) => (
            "this is not a valid reference to an environment variable".to_owned(),
            format!(
                "write `{name}: \"${{env:NAME}}\"`: a name has letters, digits and `_`, and does not start with a digit"
            ),
        ),
        _ if secret && !is_reference(text) => (
            format!("the {name} address is a secret, but is written here in plain text"),
            format!("write `{name}: \"${{env:NAME}}\"` or `{name}: file:PATH`"),
        ),
        "email" if text.split('@').filter(|part| !part.is_empty()).count() != 2 => {
            (format!("`{text}` is not an email address"), "write `name@example.org`".to_owned())
        }
        "sns" if !text.starts_with("arn:") => (
            format!("`{text}` is not the ARN of a topic"),
            "write `arn:aws:sns:REGION:ACCOUNT:TOPIC`".to_owned(),
        ),
        _ => return,
    };
    problems.push(Problem::error(node.span.clone(), message).hint(hint));
}

/// Where a secret is stored: the config never contains the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// `${env:NAME}`: in the environment variable of this name.
    Variable(String),
    /// `file:PATH`: in this file, relative to the config's folder.
    File(String),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reference::Variable(name) => write!(f, "${{env:{name}}}"),
            Reference::File(path) => write!(f, "file:{path}"),
        }
    }
}

/// What a text refers to, if it is a reference.
fn reference(text: &str) -> Option<Reference> {
    if let Some(path) = text.strip_prefix("file:") {
        let path = path.trim();
        return (!path.is_empty()).then(|| Reference::File(path.to_owned()));
    }
    let name = text.strip_prefix("${env:").and_then(|rest| rest.strip_suffix('}'))?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| Reference::Variable(name.to_owned()))
}

/// Whether a text refers to a secret: `${env:NAME}` or `file:PATH`.
pub(super) fn is_reference(text: &str) -> bool {
    reference(text).is_some()
}

/// Every reference below `notify`, with its place in the text.
pub(super) fn references(notify: &Node) -> Vec<(Reference, Range<usize>)> {
    match &notify.value {
        Value::Text(text) => reference(text).into_iter().map(|found| (found, notify.span.clone())).collect(),
        Value::Map(entries) => entries.iter().flat_map(|(_, value)| references(value)).collect(),
        Value::List(_) | Value::Nothing => Vec::new(),
    }
}

/// `notify` of a dataset: names of receivers, without duplicates.
pub(super) fn names(node: &Node, known: &[&str], problems: &mut Vec<Problem>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let items: Vec<&Node> = match &node.value {
        Value::List(items) => items.iter().collect(),
        Value::Nothing | Value::Text(_) | Value::Map(_) => vec![node],
    };
    for item in items {
        let Some(name) = scalar::text(item, "a receiver's name", problems) else { continue };
        if known.contains(&name) {
            if !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
            continue;
        }
        let (message, hint) = if name.contains("://") {
            ("this is an address, not a receiver's name".to_owned(), None)
        } else {
            (format!("unknown receiver `{name}`"), suggestion::word(name, known))
        };
        let hint = hint
            .unwrap_or_else(|| "define a receiver under the top-level `notify` and name it here".to_owned());
        problems.push(Problem::error(item.span.clone(), message).hint(hint));
    }
    found
}

/// An http or https URL.
pub(super) fn http_url(node: &Node, what: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let typed = scalar::text(node, what, problems)?;
    let rest = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("http://"));
    let wrong = |message: String, hint: &str| Problem::error(node.span.clone(), message).hint(hint);
    let problem = match rest {
        _ if has_login(typed) => {
            wrong(format!("{what} must not contain a password"), "remove the part before the `@`")
        }
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace) => {
            return Some(typed.to_owned());
        }
        _ => wrong(
            format!("{what} is an http or https URL, not `{typed}`"),
            "write an address such as https://wiki.example/kpi-sales",
        ),
    };
    problems.push(problem);
    None
}

/// Whether a URL contains `user:password@`. A password may contain a `/`.
pub(super) fn has_login(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let login = rest.rsplit_once('@').and_then(|(login, _)| login.split_once(':'));
    login.is_some_and(|(user, password)| {
        let port = password.split('/').next().unwrap_or_default();
        !user.contains('/')
            && (port.is_empty() || password == port || !port.bytes().all(|b| b.is_ascii_digit()))
    })
}
