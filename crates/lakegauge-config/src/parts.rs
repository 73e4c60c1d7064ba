//! Splits a config into parts, one per dataset, so that changing one dataset changes one part; and joins them again.

use lakegauge_core::written;

use super::tree::{self, Node, Value};

/// A config in parts. The parts contain what the config means; comments are dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Everything except the datasets.
    pub base: String,
    /// The datasets by name, each a text that starts with its name, in the order of the config.
    pub datasets: Vec<(String, String)>,
}

impl Parts {
    /// Splits a config. `None` when the text is not a mapping that contains a mapping of datasets.
    pub fn of(text: &str) -> Option<Parts> {
        let root = tree::parse(text).ok()??;
        let Value::Map(entries) = root.value else { return None };
        let mut parts = Parts { base: String::new(), datasets: Vec::new() };
        for (key, value) in &entries {
            match (&key.value, &value.value) {
                (Value::Text(name), Value::Map(datasets)) if name == "datasets" => {
                    parts.datasets = datasets.iter().filter_map(dataset).collect();
                }
                _ => pair(&mut parts.base, 0, key, value),
            }
        }
        (!parts.datasets.is_empty()).then_some(parts)
    }
}

fn dataset((key, value): &(Node, Node)) -> Option<(String, String)> {
    let Value::Text(name) = &key.value else { return None };
    let mut text = String::new();
    pair(&mut text, 0, key, value);
    Some((name.clone(), text))
}

fn pair(out: &mut String, depth: usize, key: &Node, value: &Node) {
    out.push_str(&"  ".repeat(depth));
    flow(out, key);
    out.push(':');
    match &value.value {
        Value::Map(entries) if !entries.is_empty() => {
            out.push('\n');
            entries.iter().for_each(|(key, value)| pair(out, depth + 1, key, value));
        }
        _ => {
            out.push(' ');
            flow(out, value);
            out.push('\n');
        }
    }
}

/// On one line, as JSON except for plain words.
fn flow(out: &mut String, node: &Node) {
    let list = |out: &mut String, ends: [char; 2], items: Vec<String>| {
        out.push(ends[0]);
        out.push_str(&items.join(", "));
        out.push(ends[1]);
    };
    let one = |node: &Node| {
        let mut text = String::new();
        flow(&mut text, node);
        text
    };
    match &node.value {
        Value::Nothing => out.push('~'),
        Value::Text(text) => out.push_str(&written::flow(text)),
        Value::List(items) => list(out, ['[', ']'], items.iter().map(one).collect()),
        Value::Map(entries) => {
            let entry = |(key, value): &(Node, Node)| format!("{}: {}", one(key), one(value));
            list(out, ['{', '}'], entries.iter().map(entry).collect());
        }
    }
}
