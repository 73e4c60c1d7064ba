//! One dataset: its settings on top of those that apply otherwise.

use lakegauge_core::dataset::Dataset;

use super::keys::{DATASET, OF_DATASET, OF_DEFAULTS, due, landed_when};
use super::mapping::Mapping;
use super::problem::Problem;
use super::reading::Reading;
use super::settings::Settings;
use super::tree::Node;

/// Reads `defaults` on top of what applies without them.
pub(super) fn defaults(node: Option<&Node>, before: Settings, reading: &mut Reading<'_>) -> Settings {
    let entry = node.and_then(|node| Mapping::read(node, "`defaults`", &OF_DEFAULTS, reading.problems));
    match entry {
        Some(entry) => overridden(before, entry, reading),
        None => before,
    }
}

/// Opens one dataset.
pub(super) fn open<'a>(node: &'a Node, problems: &mut Vec<Problem>) -> Option<Mapping<'a>> {
    Mapping::read(node, "a dataset", &OF_DATASET, problems)
}

/// Reads one dataset; `key` is its name in the text.
pub(super) fn read(
    name: &str,
    key: &Node,
    entry: Mapping<'_>,
    defaults: &Settings,
    reading: &mut Reading<'_>,
) -> Option<Dataset> {
    let own = overridden(defaults.clone(), entry, reading);
    if entry.get("path").is_none() {
        reading.wrong(key, format!("`{name}` has no `path`"), "such as `path: kpi/sales/date={date}/`");
    }
    if !own.has_path {
        return None;
    }
    let mut dataset = Dataset { name: name.to_owned(), ..own.dataset };
    if let (Some(due), Some(at)) = (dataset.due, &own.due_at) {
        due::exists(due, at, &dataset.zone, reading);
    }
    if let Some(node) = &own.landed_when {
        dataset.landed_when = landed_when::resolve(node, &dataset.layout, reading)?;
    }
    Some(dataset)
}

/// These settings, replaced by those that `entry` sets.
fn overridden(before: Settings, entry: Mapping<'_>, reading: &mut Reading<'_>) -> Settings {
    let mut settings = before;
    for of in DATASET {
        if let Some(node) = entry.get(of.key.name) {
            (of.read)(&mut settings, node, reading);
        }
    }
    settings
}
