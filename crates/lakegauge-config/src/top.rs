//! The top level of the config: where the lake is, and what applies to all of its datasets.

use std::collections::HashMap;
use std::ops::Range;

use lakegauge_core::dataset::Dataset;
use lakegauge_core::layout::Layout;

use super::config::Config;
use super::dataset;
use super::keys::{OF_TOP, TOP};
use super::mapping::Mapping;
use super::problem::Problem;
use super::reading::Reading;
use super::receivers::{self, Secret};
use super::scalar;
use super::settings::{Settings, Top};
use super::surroundings::Surroundings;
use super::tree::Node;

pub(super) fn read(node: &Node, around: Surroundings<'_>, problems: &mut Vec<Problem>) -> Option<Config> {
    if node.is_nothing() {
        let problem = Problem::error(node.span.clone(), "the config is empty");
        problems.push(problem.hint("`lakegauge init LAKE` writes one"));
        return None;
    }
    let entry = Mapping::read(node, "the config", &OF_TOP, problems)?;
    for (name, hint) in REQUIRED {
        if entry.get(name).is_none() {
            let start = node.span.start..node.span.start;
            problems.push(Problem::error(start, format!("the config has no `{name}`")).hint(hint));
        }
    }
    let mut top = Top::default();
    let mut reading = Reading { names: &[], around, problems };
    for of in TOP {
        if let (Some(read), Some((key, value))) = (of.read, entry.entry(of.key.name)) {
            read(&mut top, key, value, &mut reading);
        }
    }
    let names: Vec<&str> = top.receivers.iter().map(String::as_str).collect();
    let mut reading = Reading { names: &names, ..reading };
    let defaults = dataset::defaults(entry.get("defaults"), top.of_datasets.clone(), &mut reading);
    let datasets = entry.get("datasets").map(|node| datasets(node, &defaults, &mut reading));
    top.has_lake.then_some(Config { datasets: datasets.unwrap_or_default(), ..top.config })
}

/// The keys that there must be, and what to do without.
const REQUIRED: [(&str, &str); 2] = [
    ("lake", "add a line such as `lake: s3://acme-lake/refined`"),
    ("datasets", "`lakegauge init LAKE` finds them"),
];

/// The lake's address as typed, with its place.
pub(super) fn address(node: &Node) -> Option<(String, Range<usize>)> {
    let top = Mapping::open(node, "the config", &mut Vec::new())?;
    let lake = top.get("lake")?;
    Some((scalar::text(lake, "the lake's address", &mut Vec::new())?.to_owned(), lake.span.clone()))
}

/// The secrets that the receivers refer to, each with its place in the text.
pub(super) fn references(node: &Node) -> Vec<(Secret, Range<usize>)> {
    let top = Mapping::open(node, "the config", &mut Vec::new());
    let notify = top.as_ref().and_then(|top| top.get("notify"));
    notify.map(receivers::references).unwrap_or_default()
}

/// The place of `endpoint_url` in the text.
pub(super) fn endpoint(node: &Node) -> Option<Range<usize>> {
    Some(Mapping::open(node, "the config", &mut Vec::new())?.get("endpoint_url")?.span.clone())
}

fn datasets(node: &Node, defaults: &Settings, reading: &mut Reading<'_>) -> Vec<Dataset> {
    let Some(mapping) = Mapping::open(node, "`datasets`", reading.problems) else { return Vec::new() };
    let named = mapping.named(reading.problems);
    if named.is_empty() {
        let hint = "name one with its path, such as `orders: { path: orders/date={date}/ }`, or uncomment what `lakegauge init` proposed";
        reading.wrong(node, "there are no datasets", hint);
    }
    let mut found: Vec<Dataset> = Vec::with_capacity(named.len());
    let mut taken: HashMap<Layout, (String, Range<usize>)> = HashMap::new();
    for (name, key, value) in named {
        if !is_name(name) {
            let hint = "use letters, digits, `_`, `-`, `.` and `/`";
            reading.wrong(key, format!("`{name}` is not a valid dataset name"), hint);
        }
        let Some(entry) = dataset::open(value, reading.problems) else { continue };
        let Some(dataset) = dataset::read(name, key, entry, defaults, reading) else { continue };
        let place = entry.get("path").unwrap_or(value);
        match taken.get(&dataset.layout) {
            Some((other, first)) => {
                let message = format!("`{other}` and `{name}` have the same path");
                let problem = Problem::error(place.span.clone(), message).also(first.clone(), "first here");
                reading
                    .problems
                    .push(problem.hint("keep one of them: a dataset can have any number of alarms"));
            }
            None => {
                taken.insert(dataset.layout.clone(), (name.to_owned(), place.span.clone()));
            }
        }
        found.push(dataset);
    }
    found
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c))
}
