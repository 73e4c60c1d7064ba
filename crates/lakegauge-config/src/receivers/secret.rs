//! References to secrets.

use std::fmt;
use std::ops::Range;

use crate::tree::{Node, Value};

/// Where a secret is stored: the config never contains the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// `${env:NAME}`: in the environment variable of this name.
    Variable(String),
    /// `file:PATH`: in this file, relative to the config's folder.
    File(String),
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Secret::Variable(name) => write!(f, "${{env:{name}}}"),
            Secret::File(path) => write!(f, "file:{path}"),
        }
    }
}

/// What a text refers to, if it is a reference.
pub(super) fn reference(text: &str) -> Option<Secret> {
    if let Some(path) = text.strip_prefix("file:") {
        let path = path.trim();
        return (!path.is_empty()).then(|| Secret::File(path.to_owned()));
    }
    let name = text.strip_prefix("${env:").and_then(|rest| rest.strip_suffix('}'))?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| Secret::Variable(name.to_owned()))
}

/// Whether a text refers to a secret: `${env:NAME}` or `file:PATH`.
pub(crate) fn is_reference(text: &str) -> bool {
    reference(text).is_some()
}

/// Every reference below `notify`, with its place in the text.
pub(crate) fn references(notify: &Node) -> Vec<(Secret, Range<usize>)> {
    match &notify.value {
        Value::Text(text) => reference(text).into_iter().map(|found| (found, notify.span.clone())).collect(),
        Value::Map(entries) => entries.iter().flat_map(|(_, value)| references(value)).collect(),
        Value::List(_) | Value::Nothing => Vec::new(),
    }
}
