//! `explain --format json`: everything, and what it was computed from.

use std::collections::BTreeMap;

use lakegauge_core::baseline::{Derivation, DueDerivation};
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::verdict::DatasetReport;
use serde_json::{Value, json};

use super::explain::Explanation;
use super::{document, published};

/// The JSON Schema of [`json()`]'s output (draft 2020-12), as published.
pub const EXPLAIN_SCHEMA: &str = include_str!("../schema/explain.schema.json");

/// The derivation of what is expected.
#[derive(Clone, Debug)]
pub struct Workings<'a> {
    /// The derivation of each learned band.
    pub bands: BTreeMap<Metric, Derivation>,
    /// The values as they landed, by metric.
    pub landed: BTreeMap<Metric, BTreeMap<Partition, f64>>,
    /// The derivation of the learned deadline; `None` if the config sets it.
    pub due: Option<DueDerivation>,
    /// The reason of the verdict on the partition, compared with its history.
    pub verdict: Option<String>,
    /// The whole report.
    pub report: &'a DatasetReport,
    /// The path's template.
    pub layout: String,
    /// What each key of the config means for the dataset.
    pub config: BTreeMap<String, String>,
}

/// One indented JSON object, with a line break at the end.
pub fn json(e: &Explanation, workings: &Workings<'_>) -> String {
    let bands: BTreeMap<Metric, Value> = e
        .bands
        .iter()
        .map(|band| {
            let derivation = workings.bands.get(&band.metric).map(|d| derivation(d, workings, band.metric));
            let (low, high, from) = (band.low, band.high, &band.reason);
            let days: Vec<Value> =
                band.days.iter().map(|(p, value)| json!({"partition": p, "value": value})).collect();
            (
                band.metric,
                json!({"low": low, "high": high, "from": from, "days": days, "derivation": derivation}),
            )
        })
        .collect();
    let looks: Vec<Value> =
        e.looks.iter().map(|look| json!({"place": look.place, "list_requests": look.requests})).collect();
    let requests: u64 = e.looks.iter().map(|look| look.requests).sum();
    let value = json!({
        "version": 1,
        "dataset": e.dataset,
        "partition": e.partition,
        "layout": workings.layout,
        "config": workings.config,
        "due": {"at": e.due.at, "reason": e.due.reason, "evidence": e.due.evidence, "derivation": workings.due},
        "complete": {"rule": e.complete.rule, "evidence": e.complete.evidence},
        "expected": bands,
        "verdict": workings.verdict,
        "report": published::dataset(workings.report),
        "next_check": {"list_requests": requests, "looks": looks},
    });
    document(&value)
}

/// The derivation, with the value that landed on each day.
fn derivation(derivation: &Derivation, workings: &Workings<'_>, metric: Metric) -> Value {
    let mut value = json!(derivation);
    let landed = workings.landed.get(&metric);
    let days = value.get_mut("days").and_then(Value::as_array_mut).into_iter().flatten();
    for (day, of) in days.zip(&derivation.days) {
        if let Some(fields) = day.as_object_mut() {
            fields.insert("value".to_owned(), json!(landed.and_then(|landed| landed.get(&of.partition))));
        }
    }
    value
}
