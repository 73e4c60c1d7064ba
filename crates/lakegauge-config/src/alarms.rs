//! `alarms`: what is judged, by metric.

use lakegauge_core::alarm::{Against, Bounds, Limit, Margin, MissingData, Rule, Severity};
use lakegauge_core::metric::{Learned, Metric, Unit};

use super::key::{Key, Place};
use super::mapping::Mapping;
use super::problem::{Gravity, Problem};
use super::tree::{Node, Value};
use super::{scalar, suggestion};

pub(super) const ALARM: &[Key] = &[
    Key {
        name: "at_least",
        doc: "Minimum allowed.",
        schema: r#"{"type": ["number", "string"]}"#,
        place: Place::Plain,
        examples: ["at_least: 195000", "at_least: 195001"],
    },
    Key {
        name: "at_most",
        doc: "Maximum allowed.",
        schema: r#"{"type": ["number", "string"]}"#,
        place: Place::Plain,
        examples: ["at_most: 2GB", "at_most: 2000000001"],
    },
    Key {
        name: "within",
        doc: "Maximum distance from the value it is compared with: a percentage (`50%`) or an amount.",
        schema: r#"{"type": ["number", "string"], "examples": ["50%"]}"#,
        place: Place::Plain,
        examples: ["within: 50%", "within: 50.0001%"],
    },
    Key {
        name: "against",
        doc: "What `within` compares with: the `previous` good partition, or the last good one of the `same-weekday`. Default: previous.",
        schema: r#"{"enum": ["previous", "same-weekday"], "default": "previous"}"#,
        place: Place::Plain,
        examples: ["within: 50%", "within: 50%, against: same-weekday"],
    },
    Key {
        name: "learned",
        doc: "`true`: a band learned from history.",
        schema: r#"{"const": true}"#,
        place: Place::Plain,
        examples: ["at_least: 1kB", "learned: true"],
    },
    Key {
        name: "severity",
        doc: "`critical` or `warning`. Default: critical.",
        schema: r#"{"enum": ["critical", "warning"], "default": "critical"}"#,
        place: Place::Plain,
        examples: ["at_least: 1kB", "at_least: 1kB, severity: warning"],
    },
    Key {
        name: "evaluation_periods",
        doc: "N: the number of newest partitions to evaluate. Default: 1.",
        schema: r#"{"type": "integer", "minimum": 1, "maximum": 400, "default": 1}"#,
        place: Place::Plain,
        examples: [
            "learned: true, datapoints_to_alarm: 2, evaluation_periods: 3",
            "learned: true, datapoints_to_alarm: 2, evaluation_periods: 4",
        ],
    },
    Key {
        name: "datapoints_to_alarm",
        doc: "M: how many of the N must break the limit. Default: N.",
        schema: r#"{"type": "integer", "minimum": 1, "maximum": 400}"#,
        place: Place::Plain,
        examples: [
            "learned: true, datapoints_to_alarm: 2, evaluation_periods: 3",
            "learned: true, datapoints_to_alarm: 1, evaluation_periods: 3",
        ],
    },
    Key {
        name: "missing_data",
        doc: "How to treat a partition without a value, as in CloudWatch. Default: missing.",
        schema: r#"{"enum": ["missing", "ignore", "breaching", "notBreaching"], "default": "missing"}"#,
        place: Place::Plain,
        examples: ["learned: true", "learned: true, missing_data: ignore"],
    },
];

/// Reads `alarms` on top of the rules that apply otherwise: the same metric is replaced, `off` removes it.
pub(super) fn read(node: &Node, before: &[Rule], problems: &mut Vec<Problem>) -> Vec<Rule> {
    let mut rules = before.to_vec();
    let Some(mapping) = Mapping::open(node, "`alarms`", problems) else { return rules };
    for (name, key, value) in mapping.named(problems) {
        let Ok(metric) = name.parse::<Metric>() else {
            let known: Vec<&str> = Metric::ALL.iter().map(|m| m.name()).collect();
            let hint = suggestion::metric(name, &known);
            problems.push(Problem::error(key.span.clone(), format!("unknown metric `{name}`")).hint(hint));
            continue;
        };
        if let Some(why) = metric.row().unmeasured {
            let message = format!("{why}: the alarm never fires");
            problems
                .push(Problem::warning(key.span.clone(), message).hint("use TotalFileSize or ObjectCount"));
        }
        match rule(metric, value, problems) {
            Some(Some(rule)) => match rules.iter_mut().find(|r| r.metric == metric) {
                Some(old) => *old = rule,
                None => rules.push(rule),
            },
            Some(None) => rules.retain(|r| r.metric != metric),
            None => {}
        }
    }
    rules
}

/// `Some(None)` switches the alarm off; `None` had a problem.
fn rule(metric: Metric, node: &Node, problems: &mut Vec<Problem>) -> Option<Option<Rule>> {
    if let Value::Text(word) = &node.value {
        return match word.as_str() {
            "off" | "false" => Some(None),
            "learned" => Some(Some(Rule::new(metric, learned(metric, node, problems)?))),
            _ => {
                let message = format!("`{word}` is not an alarm");
                let hint = "write `learned`, `off`, or limits such as `{ at_least: 195kB }`";
                problems.push(Problem::error(node.span.clone(), message).hint(hint));
                None
            }
        };
    }
    let before = problems.len();
    let mapping = Mapping::read(node, "an alarm", ALARM, problems)?;
    let errors = problems.len();
    let limit = limit(metric, node, mapping, problems);
    if errors > before {
        // A limit under an unknown name is one mistake, not two.
        problems.retain(|problem| problem.message != NO_LIMIT || problem.at != node.span);
    }
    let severity = choice(
        mapping,
        "severity",
        &[("critical", Severity::Critical), ("warning", Severity::Warning)],
        problems,
    );
    let missing = choice(
        mapping,
        "missing_data",
        &[
            ("missing", MissingData::Missing),
            ("ignore", MissingData::Ignore),
            ("breaching", MissingData::Breaching),
            ("notBreaching", MissingData::NotBreaching),
        ],
        problems,
    );
    if let Some(node) = mapping.get("evaluation_periods").filter(|_| metric.is_of_dataset()) {
        let message = format!("{metric} has one value per run: `evaluation_periods` has no effect");
        problems.push(Problem::warning(node.span.clone(), message).hint("remove `evaluation_periods`"));
    }
    let mut whole = |name: &str| mapping.get(name).and_then(|node| scalar::whole(node, name, 400, problems));
    let n = whole("evaluation_periods");
    let m = whole("datapoints_to_alarm");
    let n = n.or(m).unwrap_or(1);
    let m = m.unwrap_or(n);
    if let Some(node) = mapping.get("datapoints_to_alarm").filter(|_| m > n) {
        let message = format!("{m} of {n} can never alarm");
        problems.push(
            Problem::error(node.span.clone(), message)
                .hint("datapoints_to_alarm is at most evaluation_periods"),
        );
    }
    let wrong = problems.iter().skip(errors).any(|problem| problem.gravity == Gravity::Error);
    let limit = limit.filter(|_| !wrong && errors == before)?;
    Some(Some(Rule {
        severity: severity.unwrap_or_default(),
        evaluation_periods: n,
        datapoints_to_alarm: m,
        missing_data: missing.unwrap_or_default(),
        ..Rule::new(metric, limit)
    }))
}

const NO_LIMIT: &str = "the alarm has no limit";

fn learned(metric: Metric, node: &Node, problems: &mut Vec<Problem>) -> Option<Limit> {
    if metric.row().learned != Learned::No {
        return Some(Limit::Learned);
    }
    let message = format!("{metric} has no learned band");
    let learned: Vec<&str> = Metric::ALL.iter().filter(|m| m.is_learned()).map(|m| m.name()).collect();
    let hint = format!("only {} have one; write `at_least`, `at_most` or `within`", learned.join(", "));
    problems.push(Problem::error(node.span.clone(), message).hint(hint));
    None
}

fn limit(metric: Metric, node: &Node, mapping: Mapping<'_>, problems: &mut Vec<Problem>) -> Option<Limit> {
    let unit = metric.unit();
    let low = mapping.get("at_least").map(|node| scalar::quantity(node, unit, problems));
    let high = mapping.get("at_most").map(|node| scalar::quantity(node, unit, problems));
    let within = mapping.get("within").map(|node| margin(node, unit, problems));
    let against = choice(
        mapping,
        "against",
        &[("previous", Against::PreviousGood), ("same-weekday", Against::SameWeekday)],
        problems,
    );
    if let Some(node) = mapping.get("against").filter(|_| within.is_none()) {
        let hint = "add `within: 50%`, or remove `against`";
        problems.push(Problem::error(node.span.clone(), "`against` needs `within`").hint(hint));
    }
    let band = mapping.get("learned");
    if let Some(node) = band.filter(|node| node.value != Value::Text("true".to_owned())) {
        let hint = "write `learned: true`; `METRIC: off` turns an alarm off";
        problems.push(Problem::error(node.span.clone(), "`learned` can only be `true`").hint(hint));
    }
    let band = band.is_some();
    match (low.is_some() || high.is_some(), within, band) {
        (true, None, false) => {
            let (low, high) = (low.flatten(), high.flatten());
            if let (Some(least), Some(most)) = (low, high)
                && least > most
            {
                let message = "`at_least` is above `at_most`: no value can pass";
                problems.push(Problem::error(node.span.clone(), message).hint("swap them"));
            }
            Some(Limit::Fixed(Bounds { low, high }))
        }
        (false, Some(_), false) if metric.is_of_dataset() => {
            let message = format!("{metric} has one value per run: `within` has nothing to compare it with");
            let hint = "write `at_most` or `at_least`";
            problems.push(Problem::error(node.span.clone(), message).hint(hint));
            None
        }
        (false, Some(margin), false) => {
            Some(Limit::Within { margin: margin?, against: against.unwrap_or_default() })
        }
        (false, None, true) => learned(metric, node, problems),
        (false, None, false) => {
            let hint = "write `learned`, or `{ at_least: … }`, `{ at_most: … }`, `{ within: 50% }`";
            problems.push(Problem::error(node.span.clone(), NO_LIMIT).hint(hint));
            None
        }
        _ => {
            let message = "an alarm has fixed limits, or `within`, or `learned`: only one of them";
            let hint = "keep one kind of limit; a metric has one alarm";
            problems.push(Problem::error(node.span.clone(), message).hint(hint));
            None
        }
    }
}

fn margin(node: &Node, unit: Unit, problems: &mut Vec<Problem>) -> Option<Margin> {
    let typed = scalar::text(node, "`within`", problems)?;
    let margin = match typed.strip_suffix('%') {
        None => Margin::Absolute(scalar::quantity(node, unit, problems)?),
        Some(share) => Margin::Relative(scalar::number(share.trim()).unwrap_or(f64::NAN) / 100.0),
    };
    let (Margin::Absolute(size) | Margin::Relative(size)) = margin;
    if size > 0.0 {
        return Some(margin);
    }
    let message = format!("`{typed}` is not a valid margin");
    let hint = "write a percentage such as 50%, or an amount above 0 in the metric's unit";
    problems.push(Problem::error(node.span.clone(), message).hint(hint));
    None
}

fn choice<T: Copy>(
    mapping: Mapping<'_>,
    name: &str,
    choices: &[(&str, T)],
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let node = mapping.get(name)?;
    let typed = scalar::text(node, name, problems)?;
    let found = choices.iter().find(|(word, _)| *word == typed).map(|(_, value)| *value);
    if found.is_none() {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let hint =
            suggestion::word(typed, &words).unwrap_or_else(|| format!("write one of {}", words.join(", ")));
        problems.push(Problem::error(node.span.clone(), format!("{name} cannot be `{typed}`")).hint(hint));
    }
    found
}
