//! A config in parts, one a dataset, so that changing one dataset changes one part; and whole again.

use super::tree::{self, Node, Value};

/// A config in parts. The parts hold what the config means; comments stay behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Everything but the datasets.
    pub base: String,
    /// The datasets by name, each a text that starts with its name, in the order of the config.
    pub datasets: Vec<(String, String)>,
}

impl Parts {
    /// Takes a config apart. `None` when the text is not a mapping that holds a mapping of datasets.
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

/// On one line, as JSON has it but for plain words.
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
        Value::Text(text) if is_plain(text) => out.push_str(text),
        Value::Text(text) => quoted(out, text),
        Value::List(items) => list(out, ['[', ']'], items.iter().map(one).collect()),
        Value::Map(entries) => {
            let entry = |(key, value): &(Node, Node)| format!("{}: {}", one(key), one(value));
            list(out, ['{', '}'], entries.iter().map(entry).collect());
        }
    }
}

/// Whether YAML reads it as this very text wherever it stands.
fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./+%".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && text.chars().all(plain)
        && !matches!(text, "null" | "Null" | "NULL")
}

fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // Breaks that YAML knows besides the line feed, and what it does not let stand.
            c if c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
