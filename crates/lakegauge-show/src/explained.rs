//! `explain --format json`: everything, and what it was computed from.

use std::collections::BTreeMap;

use lakegauge_config::{Meaning, meanings};
use lakegauge_core::explanation::Expected;
use lakegauge_core::metric::Metric;
use serde_json::{Value, json};

use super::explain::{Explained, landings, reason};
use super::{document, published};

/// The JSON Schema of [`json()`]'s output (draft 2020-12), as published.
pub const EXPLAIN_SCHEMA: &str = include_str!("../schema/explain.schema.json");

/// One indented JSON object, with a line break at the end.
pub fn json(explained: &Explained<'_>) -> String {
    let Explained { dataset, explanation, looks } = *explained;
    let expected: BTreeMap<Metric, Value> =
        explanation.expected.iter().map(|expected| (expected.metric, of_metric(expected))).collect();
    let config: BTreeMap<String, String> =
        meanings(dataset).into_iter().map(|Meaning { key, value }| (key, value)).collect();
    let requests: u64 = looks.iter().map(|look| look.requests).sum();
    let looks: Vec<Value> =
        looks.iter().map(|look| json!({"place": look.place, "list_requests": look.requests})).collect();
    let (due, completion) = (&explanation.due, explanation.completion);
    let value = json!({
        "version": 1,
        "dataset": dataset.name,
        "partition": explanation.partition,
        "layout": dataset.layout.to_string(),
        "config": config,
        "due": {
            "at": due.at,
            "reason": due.reason,
            "evidence": landings(explained),
            "derivation": due.derivation,
        },
        "complete": {"rule": completion.waits_for(), "evidence": completion.evidence},
        "expected": expected,
        "verdict": explanation.verdict,
        "report": published::dataset(explanation.report),
        "next_check": {"list_requests": requests, "looks": looks},
    });
    document(&value)
}

fn of_metric(expected: &Expected) -> Value {
    let days: Vec<Value> =
        expected.days.iter().map(|(day, value)| json!({"partition": day, "value": value})).collect();
    json!({
        "low": expected.bounds.low,
        "high": expected.bounds.high,
        "from": reason(&expected.why),
        "days": days,
        "derivation": derivation(expected),
    })
}

/// The derivation, with the value that landed on each day.
fn derivation(expected: &Expected) -> Value {
    let Some(derivation) = &expected.derivation else { return Value::Null };
    let mut value = json!(derivation);
    let days = value.get_mut("days").and_then(Value::as_array_mut).into_iter().flatten();
    for (day, of) in days.zip(&derivation.days) {
        if let Some(fields) = day.as_object_mut() {
            fields.insert("value".to_owned(), json!(expected.landed.get(&of.partition)));
        }
    }
    value
}
