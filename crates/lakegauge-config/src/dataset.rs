//! One dataset: its path, when it is due, and what is judged.

use std::ops::Range;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use lakegauge_core::alarm::Rule;
use lakegauge_core::calendar::Calendar;
use lakegauge_core::dataset::{Dataset, LandedWhen};
use lakegauge_core::due::Due;
use lakegauge_core::layout::{Layout, Marker};
use lakegauge_core::remedy::Remedy;

use super::mapping::{Key, Mapping};
use super::problem::Problem;
use super::surroundings::Surroundings;
use super::tree::Node;
use super::{alarms, calendars, receivers, remedies, scalar};

pub(super) const DATASET: &[Key] = &[
    Key {
        name: "path",
        doc: "How paths below the lake encode the partition: {date} {year} {month} {day} {hour} {week}, {date:%Y%m%d} for other formats, {*} for any other level, {name} for a key whose values are watched separately. Required.",
        schema: r#"{"type": "string", "examples": ["kpi/sales/date={date}/"]}"#,
    },
    Key {
        name: "timezone",
        doc: "The time zone of partitions and due times. Default: the lake's.",
        schema: r#"{"type": "string"}"#,
    },
    Key {
        name: "calendar",
        doc: "Which days are expected, as at the top level. Default: the lake's.",
        schema: r##"{"anyOf": [{"$ref": "#/$defs/calendar"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/calendar"}}]}"##,
    },
    Key {
        name: "due",
        doc: "When a partition must have landed: `+1d 04:30` (the partition's day plus one, local time) or `+1h20m` (after the period starts). Default: learned.",
        schema: r#"{"type": "string", "examples": ["+1d 04:30", "+1h20m"]}"#,
    },
    Key {
        name: "landed_when",
        doc: "How to tell that a partition is complete: a marker's name, `root:NAME`, or `quiet 10m`. Default: inferred.",
        schema: r#"{"type": "string", "examples": ["_SUCCESS", "root:_SUCCESS", "quiet 10m"]}"#,
    },
    Key {
        name: "alarms",
        doc: "The alarms by metric: `learned`, `off`, or limits. Default: `Missing`, `Late`, `Stale`, `Rejected`, `Shrunk`, `TotalFileSize`, `ObjectCount`, `EmptyObjects`, `MissingParts`, `Identical` and `Rewritten`.",
        schema: r##"{"$ref": "#/$defs/alarms"}"##,
    },
    Key {
        name: "look_back",
        doc: "How many recent partitions to check again for gaps, rewriting and deletion. Default: 3.",
        schema: r#"{"type": "integer", "minimum": 1, "maximum": 400, "default": 3}"#,
    },
    Key {
        name: "remediate",
        doc: "What to run on AWS when an alarm of the dataset fires. Default: nothing.",
        schema: r##"{"$ref": "#/$defs/remediate"}"##,
    },
    Key {
        name: "notify",
        doc: "The receivers to notify. Default: on AWS, all of them.",
        schema: r#"{"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}"#,
    },
    Key {
        name: "owner",
        doc: "The owner of the dataset, shown with its alarms.",
        schema: r#"{"type": "string"}"#,
    },
    Key {
        name: "runbook",
        doc: "A link to what to do about an alarm.",
        schema: r#"{"type": "string", "format": "uri", "pattern": "^https?://"}"#,
    },
    Key { name: "description", doc: "A description for humans.", schema: r#"{"type": "string"}"# },
];

/// The values for every dataset that does not set its own.
#[derive(Clone, Debug)]
pub(super) struct Defaults {
    pub(super) zone: TimeZone,
    pub(super) calendar: Calendar,
    /// With its place in the text: whether it exists on every day depends on the zone.
    pub(super) due: Option<(Due, Range<usize>)>,
    /// As typed: a marker can only be read together with a path.
    pub(super) landed_when: Option<Node>,
    pub(super) rules: Arc<[Rule]>,
    pub(super) look_back: u32,
    pub(super) retention: SignedDuration,
    pub(super) owner: Option<String>,
    pub(super) runbook: Option<String>,
    pub(super) description: Option<String>,
    pub(super) notify: Vec<String>,
    pub(super) remedy: Option<Remedy>,
}

impl Defaults {
    /// Reads the `defaults` of the config on top of the built-in values.
    pub(super) fn read(
        node: Option<&Node>,
        before: Defaults,
        names: &[&str],
        around: Surroundings<'_>,
        problems: &mut Vec<Problem>,
    ) -> Defaults {
        let keys: Vec<Key> = DATASET.iter().filter(|key| key.name != "path").copied().collect();
        let Some(entry) = node.and_then(|node| Mapping::read(node, "`defaults`", &keys, problems)) else {
            return before;
        };
        before.overridden(entry, names, around, problems)
    }

    /// These values, replaced by those that `entry` sets.
    fn overridden(
        &self,
        entry: Mapping<'_>,
        names: &[&str],
        around: Surroundings<'_>,
        problems: &mut Vec<Problem>,
    ) -> Defaults {
        let mut new = self.clone();
        if let Some(zone) = entry.get("timezone").and_then(|node| scalar::zone(node, problems)) {
            new.zone = zone;
        }
        if let Some(calendar) = entry.get("calendar").and_then(|node| calendars::read(node, around, problems))
        {
            new.calendar = calendar;
        }
        if let Some(node) = entry.get("due") {
            new.due = due(node, problems).map(|due| (due, node.span.clone()));
        }
        if let Some(node) = entry.get("landed_when") {
            new.landed_when = Some(node.clone());
        }
        if let Some(node) = entry.get("alarms") {
            new.rules = alarms::read(node, &self.rules, problems).into();
        }
        if let Some(n) =
            entry.get("look_back").and_then(|node| scalar::whole(node, "look_back", 400, problems))
        {
            new.look_back = n;
        }
        if let Some(node) = entry.get("notify") {
            new.notify = receivers::names(node, names, problems);
        }
        if let Some(node) = entry.get("remediate") {
            new.remedy = remedies::read(node, problems);
        }
        if let Some(owner) = entry.get("owner").and_then(|node| scalar::text(node, "an owner", problems)) {
            new.owner = Some(owner.to_owned());
        }
        if let Some(node) = entry.get("runbook") {
            new.runbook = receivers::http_url(node, "a runbook", problems).or(new.runbook);
        }
        if let Some(text) =
            entry.get("description").and_then(|node| scalar::text(node, "a description", problems))
        {
            new.description = Some(text.to_owned());
        }
        new
    }
}

/// Reads one dataset.
pub(super) fn read(
    name: &str,
    key: &Node,
    entry: Mapping<'_>,
    defaults: &Defaults,
    names: &[&str],
    around: Surroundings<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Dataset> {
    let own = defaults.overridden(entry, names, around, problems);
    let Some(path) = entry.get("path") else {
        let hint = "such as `path: kpi/sales/date={date}/`";
        problems.push(Problem::error(key.span.clone(), format!("`{name}` has no `path`")).hint(hint));
        return None;
    };
    let typed = scalar::text(path, "a path", problems)?;
    let layout = match Layout::parse(typed) {
        Ok(layout) => layout,
        Err(error) => {
            let at = inside(path, typed, &error.at);
            problems.push(Problem::error(at, error.message.clone()).hint(error.hint.clone()));
            return None;
        }
    };
    if let Some((due, at)) = &own.due {
        exists(*due, at, &own.zone, around, problems);
    }
    let landed_when = match &own.landed_when {
        Some(node) => landed_when(node, &layout, problems)?,
        None => LandedWhen::Inferred,
    };
    Some(Dataset {
        name: name.to_owned(),
        splits: Vec::new(),
        layout,
        zone: own.zone,
        calendar: own.calendar,
        due: own.due.map(|(due, _)| due),
        landed_when,
        rules: own.rules,
        look_back: own.look_back,
        retention: own.retention,
        owner: own.owner,
        runbook: own.runbook,
        description: own.description,
        notify: own.notify,
        remedy: own.remedy,
    })
}

/// The place of a part of a scalar in the text, if the scalar was typed literally (not escaped, not folded).
fn inside(node: &Node, typed: &str, part: &Range<usize>) -> Range<usize> {
    let quotes = (node.span.end - node.span.start).saturating_sub(typed.len());
    match quotes {
        0 => node.span.start + part.start..node.span.start + part.end,
        2 => node.span.start + 1 + part.start..node.span.start + 1 + part.end,
        _ => node.span.clone(),
    }
}

fn due(node: &Node, problems: &mut Vec<Problem>) -> Option<Due> {
    let typed = scalar::text(node, "a due time", problems)?;
    match Due::parse(typed) {
        Ok(due) => Some(due),
        Err(error) => {
            let at = inside(node, typed, &error.at);
            problems.push(Problem::error(at, error.message.clone()).hint(error.hint.clone()));
            None
        }
    }
}

/// Warns when the clocks of the zone skip the due time this year or next.
fn exists(
    due: Due,
    at: &Range<usize>,
    zone: &TimeZone,
    around: Surroundings<'_>,
    problems: &mut Vec<Problem>,
) {
    let year = around.now.to_zoned(zone.clone()).year();
    if let Some(day) = due.gaps(zone, year..=year.saturating_add(1)).first() {
        let zone = zone.iana_name().unwrap_or("its zone");
        let message = format!("this due time does not exist on {day} in {zone}: the clocks skip it");
        let hint = "on that day the deadline moves forward by the length of the gap; choose another time to avoid it";
        problems.push(Problem::warning(at.clone(), message).hint(hint));
    }
}

fn landed_when(node: &Node, layout: &Layout, problems: &mut Vec<Problem>) -> Option<LandedWhen> {
    let typed = scalar::text(node, "landed_when", problems)?;
    if typed == "delta" || typed == "iceberg" {
        let message = format!("`{typed}` is not supported by this version of lakegauge");
        let hint = "remove the key: a marker or a quiet period is then inferred from history";
        problems.push(Problem::error(node.span.clone(), message).hint(hint));
        return None;
    }
    if let Some(length) = typed.strip_prefix("quiet").filter(|rest| rest.is_empty() || rest.starts_with(' '))
    {
        let Some(seconds) = scalar::seconds(length.trim()).filter(|s| *s >= 1.0) else {
            let message = format!("`{typed}` is not a valid quiet period");
            problems.push(Problem::error(node.span.clone(), message).hint("write `quiet 10m`"));
            return None;
        };
        return Some(LandedWhen::Quiet { seconds: seconds as i64 });
    }
    if scalar::seconds(typed).is_some_and(|seconds| seconds >= 1.0) {
        let message = format!("`{typed}` is a duration, and a marker is the name of a file");
        problems.push(Problem::error(node.span.clone(), message).hint(format!("write `quiet {typed}`")));
        return None;
    }
    match Marker::parse(typed, layout) {
        Ok(marker) => Some(LandedWhen::Marker(marker)),
        Err(error) => {
            let at = inside(node, typed, &error.at);
            problems.push(Problem::error(at, error.message.clone()).hint(error.hint.clone()));
            None
        }
    }
}
