//! Reads receivers, and the names of receivers.

use super::channel::{Channel, Receiver};
use super::{KINDS, OF_RECEIVER};
use crate::mapping::Mapping;
use crate::problem::Problem;
use crate::reading::Reading;
use crate::tree::{Node, Value};
use crate::{scalar, suggestion};

/// Reads the top-level `notify`, the value of `key`. Returns the receivers, and the names of all that have a kind: one
/// whose address is wrong is still known.
pub(crate) fn read(key: &Node, node: &Node, reading: &mut Reading<'_>) -> (Vec<Receiver>, Vec<String>) {
    let (mut receivers, mut names) = (Vec::new(), Vec::new());
    let Some(mapping) = Mapping::open(node, "`notify`", reading.problems) else { return (receivers, names) };
    for (name, _, value) in mapping.named(reading.problems) {
        let Some(to) = address(value, reading) else { continue };
        names.push(name.to_owned());
        receivers.extend(to.map(|to| Receiver { name: name.to_owned(), to }));
    }
    if !names.is_empty() {
        let message = "this version of lakegauge sends no messages itself";
        let hint = "on AWS the topics of `lakegauge terraform` notify them; elsewhere use the exit code or `--format json`";
        reading.problems.push(Problem::warning(key.span.clone(), message).hint(hint));
    }
    (receivers, names)
}

/// The address of one receiver; the outer is `None` if it has no kind, the inner if its address is wrong.
fn address(node: &Node, reading: &mut Reading<'_>) -> Option<Option<Channel>> {
    let mapping = Mapping::read(node, "a receiver", &OF_RECEIVER, reading.problems)?;
    let given = KINDS.iter().filter_map(|kind| Some((kind, mapping.get(kind.key.name)?)));
    let read: Vec<_> = given.map(|(kind, value)| (value, (kind.read)(value, reading))).collect();
    if let Some((second, _)) = read.get(1) {
        reading.wrong(second, "a receiver has only one kind", "define another receiver for this one");
    }
    let Some((_, to)) = read.into_iter().next() else {
        let hint = "such as `{ slack: \"${env:SLACK_WEBHOOK}\" }`";
        reading.wrong(node, "a receiver needs a kind", hint);
        return None;
    };
    Some(to)
}

/// `notify` of a dataset: names of receivers, without duplicates.
pub(crate) fn names(node: &Node, known: &[&str], problems: &mut Vec<Problem>) -> Vec<String> {
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
