//! Reads a mapping with a table of its keys.

use std::collections::HashMap;

use super::key::Key;
use super::problem::Problem;
use super::suggestion;
use super::tree::{Node, Value};

/// A mapping with known keys, each at most once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mapping<'a> {
    entries: &'a [(Node, Node)],
}

impl<'a> Mapping<'a> {
    /// Reads `node` as a mapping with `keys`. `what` describes it in messages.
    pub(super) fn read(
        node: &'a Node,
        what: &str,
        keys: &[Key],
        problems: &mut Vec<Problem>,
    ) -> Option<Mapping<'a>> {
        let mapping = Mapping::open(node, what, problems)?;
        for (key, _) in mapping.entries {
            let Some(name) = key_name(key, problems) else { continue };
            if !keys.iter().any(|k| k.name == name) {
                let known: Vec<&str> = keys.iter().map(|k| k.name).collect();
                let hint = suggestion::key(name, &known)
                    .unwrap_or_else(|| format!("{what} has the keys {}", known.join(", ")));
                problems.push(Problem::error(key.span.clone(), format!("unknown key `{name}`")).hint(hint));
            }
        }
        Some(mapping)
    }

    /// Reads `node` as a mapping whose keys are chosen by the user.
    pub(super) fn open(node: &'a Node, what: &str, problems: &mut Vec<Problem>) -> Option<Mapping<'a>> {
        let Value::Map(entries) = &node.value else {
            let message = format!("{what} is a mapping, this is {}", node.kind());
            let hint = "write lines of `KEY: VALUE`, all indented alike";
            problems.push(Problem::error(node.span.clone(), message).hint(hint));
            return None;
        };
        let mut first: HashMap<&str, &Node> = HashMap::with_capacity(entries.len());
        for (key, _) in entries {
            let Value::Text(name) = &key.value else { continue };
            match first.get(name.as_str()) {
                Some(before) => {
                    let problem = Problem::error(key.span.clone(), format!("duplicate key `{name}`"));
                    problems.push(problem.also(before.span.clone(), "first here").hint("keep one of them"));
                }
                None => {
                    first.insert(name, key);
                }
            }
        }
        Some(Mapping { entries })
    }

    /// The value of a key, if it is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        self.entry(name).map(|(_, value)| value)
    }

    /// A key and its value, if it is set and not empty.
    pub(super) fn entry(&self, name: &str) -> Option<(&'a Node, &'a Node)> {
        let named = |key: &Node| matches!(&key.value, Value::Text(text) if text == name);
        self.entries.iter().find(|(key, value)| named(key) && !value.is_nothing()).map(|(k, v)| (k, v))
    }

    /// Every entry with its key as text.
    pub(super) fn named(&self, problems: &mut Vec<Problem>) -> Vec<(&'a str, &'a Node, &'a Node)> {
        self.entries.iter().filter_map(|(key, value)| Some((key_name(key, problems)?, key, value))).collect()
    }
}

fn key_name<'a>(key: &'a Node, problems: &mut Vec<Problem>) -> Option<&'a str> {
    match &key.value {
        Value::Text(name) => Some(name),
        Value::Nothing | Value::List(_) | Value::Map(_) => {
            let message = format!("a key is a text, this is {}", key.kind());
            problems.push(Problem::error(key.span.clone(), message).hint("write `KEY: VALUE`"));
            None
        }
    }
}
