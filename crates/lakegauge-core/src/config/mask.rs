//! What must never be drawn: secrets that stand in a config by mistake. Every character is covered by stars of its
//! length, so that places stay what they are.

use std::ops::Range;

use super::receivers::{RECEIVERS, is_reference};
use super::tree::{self, Node, Value};

/// The text with stars for what may be a secret.
pub(super) fn mask(text: &str) -> String {
    let mut secrets = logins(text);
    match tree::parse(text) {
        Ok(Some(root)) => walk(&root, Place::Top, &mut secrets),
        Ok(None) => {}
        // Not YAML: lines are all there is.
        Err(_) => lines(text, &mut secrets),
    }
    cover(text, &secrets)
}

/// The key of a remedy that holds the ARN of its credentials.
const CREDENTIAL: &str = "secret";

/// What a node may be.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// The config itself.
    Top,
    /// Below the top-level `notify`: addresses, which are secrets unless their kind says otherwise.
    Receivers,
    /// Below a dataset's `notify`: names, among which somebody may put an address.
    Names,
    /// The value of a kind of receiver that is a secret.
    Secret,
    /// Where the ARN of a secret belongs, and somebody may put the secret itself.
    Credential,
    /// Anything else.
    Plain,
}

fn walk(node: &Node, place: Place, secrets: &mut Vec<Range<usize>>) {
    match &node.value {
        Value::Text(text) => {
            let secret = match place {
                Place::Receivers | Place::Secret => !is_reference(text),
                Place::Names => text.contains("://"),
                Place::Credential => !text.starts_with("arn:"),
                Place::Top | Place::Plain => false,
            };
            if secret {
                secrets.push(node.span.clone());
            }
        }
        Value::List(items) => items.iter().for_each(|item| walk(item, place, secrets)),
        Value::Map(entries) => {
            for (key, value) in entries {
                let name = if let Value::Text(name) = &key.value { name.as_str() } else { "" };
                walk(value, below(place, name), secrets);
            }
        }
        Value::Nothing => {}
    }
}

fn below(place: Place, key: &str) -> Place {
    let kind = RECEIVERS.iter().find(|(known, _)| known.name == key);
    match (place, kind) {
        (_, Some((_, true))) => Place::Secret,
        (Place::Receivers, Some((_, false))) => Place::Plain,
        (_, None) if key == CREDENTIAL => Place::Credential,
        (Place::Top, None) if key == "notify" => Place::Receivers,
        (Place::Plain, None) if key == "notify" => Place::Names,
        (Place::Top, _) => Place::Plain,
        (other, _) => other,
    }
}

/// `user:password` before the `@` of a URL.
fn logins(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(rest.len());
        let login = rest.get(..end).and_then(|authority| authority.rfind('@'));
        if let Some(length) = login.filter(|n| rest.get(..*n).is_some_and(|login| login.contains(':'))) {
            found.push(start..start + length);
        }
    }
    found
}

/// Everything below a `notify:` at a line's start, and what follows a kind of receiver whose address is a secret.
fn lines(text: &str, secrets: &mut Vec<Range<usize>>) {
    let mut start = 0;
    let mut notify = false;
    for line in text.split_inclusive('\n') {
        let from = start;
        start += line.len();
        if !line.starts_with([' ', '\t', '#', '\n', '\r']) {
            notify = line.starts_with("notify");
        }
        let kind = RECEIVERS
            .iter()
            .filter(|(_, secret)| *secret)
            .map(|(key, _)| key.name)
            .chain([CREDENTIAL])
            .filter_map(|name| line.find(name).map(|at| at + name.len()))
            .min();
        let value = match (kind, notify) {
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

fn cover(text: &str, secrets: &[Range<usize>]) -> String {
    if secrets.is_empty() {
        return text.to_owned();
    }
    let mut ranges = secrets.to_vec();
    ranges.sort_by_key(|range| range.start);
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
