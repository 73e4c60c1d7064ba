//! Reading a mapping against the table of its keys.

use super::problem::Problem;
use super::tree::{Node, Value};

/// One key of a mapping: the parser, the suggestions for unknown keys and the JSON Schema all read this.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// As typed.
    pub(super) name: &'static str,
    /// What it means, with its default.
    pub(super) doc: &'static str,
    /// Its JSON Schema, without the description.
    pub(super) schema: &'static str,
}

/// A mapping whose keys are known and stand once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mapping<'a> {
    entries: &'a [(Node, Node)],
}

impl<'a> Mapping<'a> {
    /// Reads `node` as a mapping with `keys`. `what` says what it should be.
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
                let hint = match nearest(name, &known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("{what} has the keys {}", known.join(", ")),
                };
                problems.push(Problem::error(key.span.clone(), format!("unknown key `{name}`")).hint(hint));
            }
        }
        Some(mapping)
    }

    /// Reads `node` as a mapping whose keys the user names.
    pub(super) fn open(node: &'a Node, what: &str, problems: &mut Vec<Problem>) -> Option<Mapping<'a>> {
        let Value::Map(entries) = &node.value else {
            problems.push(Problem::error(
                node.span.clone(),
                format!("{what} is a mapping, this is {}", node.kind()),
            ));
            return None;
        };
        for (i, (key, _)) in entries.iter().enumerate() {
            let before = entries.iter().take(i).find(|(other, _)| other.value == key.value);
            if let (Some((first, _)), Value::Text(name)) = (before, &key.value) {
                let problem = Problem::error(key.span.clone(), format!("duplicate key `{name}`"));
                problems.push(problem.also(first.span.clone(), "first here").hint("keep one of them"));
            }
        }
        Some(Mapping { entries })
    }

    /// The value of a key, if it is there and is not nothing.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        self.entries.iter().find(|(key, _)| key.value == Value::Text(name.to_owned())).map(|(_, v)| v)
    }

    /// Every entry with its key as text.
    pub(super) fn named(&self, problems: &mut Vec<Problem>) -> Vec<(&'a str, &'a Node, &'a Node)> {
        self.entries.iter().filter_map(|(key, value)| Some((key_name(key, problems)?, key, value))).collect()
    }
}

fn key_name<'a>(key: &'a Node, problems: &mut Vec<Problem>) -> Option<&'a str> {
    match &key.value {
        Value::Text(name) => Some(name),
        Value::List(_) | Value::Map(_) => {
            problems.push(Problem::error(key.span.clone(), "a key is a text"));
            None
        }
    }
}

/// The candidate that a mistyped word most likely meant, if one is near (Damerau-Levenshtein; case is forgiven).
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .iter()
        .map(|c| (strsim::osa_distance(&lower, &c.to_lowercase()), *c))
        .filter(|(distance, c)| *distance <= (c.chars().count() / 3).clamp(1, 4))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}
