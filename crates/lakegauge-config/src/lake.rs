//! The top level of the config: where the lake is, and what applies to all of its datasets.

use std::collections::HashMap;
use std::ops::Range;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use lakegauge_core::calendar::Calendar;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::layout::Layout;
use lakegauge_core::region;

use super::calendars;
use super::dataset::{self, DATASET, Defaults};
use super::mapping::{Key, Mapping};
use super::problem::Problem;
use super::receivers::{self, Receiver, Reference};
use super::scalar;
use super::surroundings::Surroundings;
use super::tree::Node;

/// The config, fully resolved.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the lake is, as typed.
    pub lake: String,
    /// The namespace of its metrics.
    pub namespace: String,
    /// The file of the local history, relative to the config's folder.
    pub history: String,
    /// For how long the history keeps what it has seen, at least.
    pub retention: SignedDuration,
    /// The address of an S3-compatible store.
    pub endpoint_url: Option<String>,
    /// The region of an S3 bucket; detected if not set.
    pub region: Option<String>,
    /// Maximum number of concurrent requests.
    pub concurrency: Option<u32>,
    /// The datasets, in the order of the file.
    pub datasets: Vec<Dataset>,
    /// The receivers of messages.
    pub receivers: Vec<Receiver>,
}

pub(super) const TOP: &[Key] = &[
    Key {
        name: "lake",
        doc: "Where the lake is: s3://bucket/prefix, gs://bucket/prefix, az://container/prefix, file:///path or a folder. Required.",
        schema: r#"{"type": "string", "examples": ["s3://acme-lake/refined"]}"#,
    },
    Key {
        name: "timezone",
        doc: "The time zone of partitions and due times. Default: UTC.",
        schema: r#"{"type": "string", "examples": ["Europe/London"], "default": "UTC"}"#,
    },
    Key {
        name: "calendar",
        doc: "Which days are expected: every-day, weekdays, month-ends, business-month-ends, an .ics file of days off, or a list of these. Default: every day but weekdays (or hours of the day) that never came the last four times.",
        schema: r##"{"anyOf": [{"$ref": "#/$defs/calendar"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/calendar"}}]}"##,
    },
    Key {
        name: "namespace",
        doc: "The CloudWatch namespace of the metrics. Default: Lakegauge.",
        schema: r#"{"type": "string", "default": "Lakegauge"}"#,
    },
    Key {
        name: "history",
        doc: "The file of the local history, relative to the config. Default: .lakegauge/history.sqlite.",
        schema: r#"{"type": "string", "default": ".lakegauge/history.sqlite"}"#,
    },
    Key {
        name: "retention",
        doc: "For how long the history keeps what it has seen, in days such as `400d`; never less than what is learned from. On AWS, only what is learned from is kept. Default: 400d.",
        schema: r#"{"type": "string", "examples": ["400d", "730d"], "default": "400d"}"#,
    },
    Key {
        name: "endpoint_url",
        doc: "The address of an S3-compatible store; --endpoint-url overrides it.",
        schema: r#"{"type": "string", "format": "uri"}"#,
    },
    Key {
        name: "region",
        doc: "The region of the S3 bucket. Default: that of the environment, else the one the store reports.",
        schema: r#"{"type": "string"}"#,
    },
    Key {
        name: "concurrency",
        doc: "Maximum number of parallel requests. Default: 16.",
        schema: r#"{"type": "integer", "minimum": 1, "maximum": 512, "default": 16}"#,
    },
    Key {
        name: "defaults",
        doc: "Keys of a dataset (except its path) that apply to every dataset that does not set them.",
        schema: r##"{"$ref": "#/$defs/defaults"}"##,
    },
    Key {
        name: "datasets",
        doc: "The datasets by name. Required.",
        schema: r##"{"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/dataset"}}"##,
    },
    Key {
        name: "notify",
        doc: "The receivers by name. On AWS, SNS topics notify them; elsewhere this version sends no messages.",
        schema: r##"{"type": "object", "additionalProperties": {"$ref": "#/$defs/receiver"}}"##,
    },
];

pub(super) fn read(node: &Node, around: Surroundings<'_>, problems: &mut Vec<Problem>) -> Option<Config> {
    if node.is_nothing() {
        let problem = Problem::error(node.span.clone(), "the config is empty");
        problems.push(problem.hint("`lakegauge init LAKE` writes one"));
        return None;
    }
    let top = Mapping::read(node, "the config", TOP, problems)?;
    let start = node.span.start..node.span.start;
    let text = |name: &str, what: &str, problems: &mut Vec<Problem>| {
        top.get(name).and_then(|node| scalar::text(node, what, problems)).map(str::to_owned)
    };
    let lake = text("lake", "the lake's address", problems);
    if let Some(node) = top.get("lake").filter(|_| lake.as_deref().is_some_and(receivers::has_login)) {
        let hint = "remove the part before the `@`: credentials come from the environment or a profile";
        problems
            .push(Problem::error(node.span.clone(), "an address must not contain credentials").hint(hint));
    }
    if top.get("lake").is_none() {
        let hint = "add a line such as `lake: s3://acme-lake/refined`";
        problems.push(Problem::error(start.clone(), "the config has no `lake`").hint(hint));
    }
    let namespace = text("namespace", "a namespace", problems);
    let history = text("history", "the history's file", problems);
    let retention = top.get("retention").and_then(|node| scalar::days(node, "retention", problems));
    let retention = retention.unwrap_or(lakegauge_core::dataset::RETENTION);
    let region = text("region", "a region", problems);
    if let (Some(node), Some(Err(message))) = (top.get("region"), region.as_deref().map(region::check)) {
        problems.push(Problem::error(node.span.clone(), message).hint(region::FORM));
    }
    let endpoint_url =
        top.get("endpoint_url").and_then(|node| receivers::http_url(node, "an endpoint", problems));
    let concurrency =
        top.get("concurrency").and_then(|node| scalar::whole(node, "concurrency", 512, problems));
    let zone = top.get("timezone").and_then(|node| scalar::zone(node, problems)).unwrap_or(TimeZone::UTC);
    let calendar = top.get("calendar").and_then(|node| calendars::read(node, around, problems));
    let receivers =
        top.entry("notify").map(|(key, node)| receivers::read(key, node, problems)).unwrap_or_default();
    let names: Vec<&str> = receivers.iter().map(|r| r.name.as_str()).collect();
    let defaults = Defaults::read(
        top.get("defaults"),
        Defaults { zone, calendar: calendar.unwrap_or_default(), retention, ..Defaults::default() },
        &names,
        around,
        problems,
    );
    let datasets = match top.get("datasets") {
        Some(node) => datasets(node, &defaults, &names, around, problems),
        None => {
            let hint = "`lakegauge init LAKE` finds them";
            problems.push(Problem::error(start, "the config has no `datasets`").hint(hint));
            Vec::new()
        }
    };
    Some(Config {
        lake: lake?,
        namespace: namespace.unwrap_or_else(|| "Lakegauge".to_owned()),
        history: history.unwrap_or_else(|| ".lakegauge/history.sqlite".to_owned()),
        retention,
        endpoint_url,
        region,
        concurrency,
        datasets,
        receivers,
    })
}

/// The lake's address as typed, with its place.
pub(super) fn address(node: &Node) -> Option<(String, Range<usize>)> {
    let top = Mapping::open(node, "the config", &mut Vec::new())?;
    let lake = top.get("lake")?;
    Some((scalar::text(lake, "the lake's address", &mut Vec::new())?.to_owned(), lake.span.clone()))
}

/// The secrets that the receivers refer to, each with its place in the text.
pub(super) fn references(node: &Node) -> Vec<(Reference, Range<usize>)> {
    let top = Mapping::open(node, "the config", &mut Vec::new());
    let notify = top.as_ref().and_then(|top| top.get("notify"));
    notify.map(receivers::references).unwrap_or_default()
}

/// The place of `endpoint_url` in the text.
pub(super) fn endpoint(node: &Node) -> Option<Range<usize>> {
    Some(Mapping::open(node, "the config", &mut Vec::new())?.get("endpoint_url")?.span.clone())
}

fn datasets(
    node: &Node,
    defaults: &Defaults,
    receivers: &[&str],
    around: Surroundings<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Dataset> {
    let Some(mapping) = Mapping::open(node, "`datasets`", problems) else { return Vec::new() };
    let named = mapping.named(problems);
    if named.is_empty() {
        let hint = "name one with its path, such as `orders: { path: orders/date={date}/ }`, or uncomment what `lakegauge init` proposed";
        problems.push(Problem::error(node.span.clone(), "there are no datasets").hint(hint));
    }
    let mut found: Vec<Dataset> = Vec::with_capacity(named.len());
    let mut taken: HashMap<Layout, (String, Range<usize>)> = HashMap::new();
    for (name, key, value) in named {
        if !is_name(name) {
            let hint = "use letters, digits, `_`, `-`, `.` and `/`";
            problems.push(
                Problem::error(key.span.clone(), format!("`{name}` is not a valid dataset name")).hint(hint),
            );
        }
        let Some(entry) = Mapping::read(value, "a dataset", DATASET, problems) else { continue };
        let Some(dataset) = dataset::read(name, key, entry, defaults, receivers, around, problems) else {
            continue;
        };
        let place = entry.get("path").unwrap_or(value);
        match taken.get(&dataset.layout) {
            Some((other, first)) => {
                let message = format!("`{other}` and `{name}` have the same path");
                let problem = Problem::error(place.span.clone(), message).also(first.clone(), "first here");
                problems.push(problem.hint("keep one of them: a dataset can have any number of alarms"));
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

impl Default for Defaults {
    fn default() -> Defaults {
        Defaults {
            zone: TimeZone::UTC,
            calendar: Calendar::default(),
            due: None,
            landed_when: None,
            rules: lakegauge_core::dataset::default_rules().into(),
            look_back: lakegauge_core::dataset::LOOK_BACK,
            retention: lakegauge_core::dataset::RETENTION,
            owner: None,
            runbook: None,
            description: None,
            notify: Vec::new(),
            remedy: None,
        }
    }
}
