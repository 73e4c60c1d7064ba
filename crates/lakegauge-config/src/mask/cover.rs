//! Covers possible secrets with stars. Each character keeps its length, so that positions do not change.

use std::ops::Range;

use super::{pattern, place};
use crate::key::Place;
use crate::receivers::{KINDS, is_reference};
use crate::tree::{self, Node, Value};

/// The possible secrets of a text.
pub(crate) struct Mask {
    ranges: Vec<Range<usize>>,
    /// The same as texts, longest first, because a message may quote the text.
    texts: Vec<String>,
}

/// A shorter text may be part of any sentence, and is not masked in messages.
const SHORTEST: usize = 6;

impl Mask {
    /// Finds the possible secrets of a text.
    pub(crate) fn of(text: &str) -> Mask {
        let mut found = Found { ranges: pattern::secrets(text), texts: Vec::new() };
        match tree::parse(text) {
            Ok(Some(root)) => walk(&root, Place::Top, &mut found),
            Ok(None) => {}
            // Not YAML: only the lines are known.
            Err(_) => lines(text, &mut found.ranges),
        }
        let Found { mut ranges, mut texts } = found;
        ranges.sort_by_key(|range| range.start);
        texts.extend(ranges.iter().filter_map(|range| text.get(range.clone())).map(str::to_owned));
        texts.retain(|text| text.len() >= SHORTEST);
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        texts.dedup();
        Mask { ranges, texts }
    }

    /// Covers the possible secrets of `text`, which must be the text of this mask.
    pub(crate) fn cover(&self, text: &str) -> String {
        stars(text, &self.ranges)
    }

    /// Covers the possible secrets in a message about the text.
    pub(crate) fn cover_message(&self, message: &str) -> String {
        let mut masked = stars(message, &pattern::secrets(message));
        for secret in &self.texts {
            if masked.contains(secret.as_str()) {
                masked = masked.replace(secret.as_str(), "***");
            }
        }
        masked
    }
}

struct Found {
    ranges: Vec<Range<usize>>,
    texts: Vec<String>,
}

fn walk(node: &Node, place: Place, found: &mut Found) {
    match &node.value {
        Value::Text(text) if place.hides(text) => {
            found.ranges.push(node.span.clone());
            found.texts.push(text.clone());
        }
        Value::Nothing | Value::Text(_) => {}
        Value::List(items) => items.iter().for_each(|item| walk(item, place, found)),
        Value::Map(entries) => {
            for (key, value) in entries {
                let name = if let Value::Text(name) = &key.value { name.as_str() } else { "" };
                walk(value, place.below(name), found);
            }
        }
    }
}

/// Used if only the lines are known: covers everything below a `notify:` at the start of a line, and whatever follows
/// the name of a secret.
fn lines(text: &str, secrets: &mut Vec<Range<usize>>) {
    let mut start = 0;
    let mut notify = false;
    for line in text.split_inclusive('\n') {
        let from = start;
        start += line.len();
        if !line.starts_with([' ', '\t', '#', '\n', '\r']) {
            notify = line.starts_with("notify");
        }
        let kinds = KINDS.iter().filter(|kind| kind.is_secret()).map(|kind| kind.key.name);
        let kind = kinds.filter_map(|name| line.find(name).map(|at| at + name.len())).min();
        let named = place::names_a_secret(line).into_iter().chain(kind).min();
        let value = match (named, notify) {
            (Some(at), _) => at,
            (None, true) => line.find(':').map_or(0, |colon| colon + 1),
            (None, false) => continue,
        };
        let rest = line.get(value..).unwrap_or_default();
        let typed = rest.trim_matches(|c: char| c.is_whitespace() || "\"':{},".contains(c));
        if !is_reference(typed) && !typed.starts_with("arn:") {
            secrets.push(from + value..start);
        }
    }
}

fn stars(text: &str, ranges: &[Range<usize>]) -> String {
    if ranges.is_empty() {
        return text.to_owned();
    }
    let mut next = ranges.iter().peekable();
    let mut covered_to = 0;
    let mut masked = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        while let Some(range) = next.next_if(|range| range.start <= at) {
            covered_to = covered_to.max(range.end);
        }
        match c {
            '\n' | '\r' => masked.push(c),
            _ if at < covered_to => masked.extend(std::iter::repeat_n('*', c.len_utf8())),
            _ => masked.push(c),
        }
    }
    masked
}
