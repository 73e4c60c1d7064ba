//! The past for machines.

use std::fmt::Write;

use lakegauge_core::judge::Point;
use serde_json::json;

use crate::show::Past;

/// Comma-separated: `partition,value,low,high`, a line for each partition, empty where there is no value.
pub(crate) fn csv(past: &Past) -> String {
    let number = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    let mut out = "partition,value,low,high\n".to_owned();
    for point in &past.points {
        let (value, low, high) = (number(point.value), number(point.low), number(point.high));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{},{value},{low},{high}", point.partition);
    }
    out
}

/// One JSON object: `version`, `dataset`, `metric`, `unit` and `points`, each with `partition`, `value`, `low`, `high`.
pub(crate) fn json(past: &Past) -> String {
    let point = |p: &Point| json!({"partition": p.partition, "value": p.value, "low": p.low, "high": p.high});
    let points: Vec<serde_json::Value> = past.points.iter().map(point).collect();
    let unit = past.metric.unit();
    let (dataset, metric) = (&past.dataset, past.metric);
    let all = json!({"version": 1, "dataset": dataset, "metric": metric, "unit": unit, "points": points});
    format!("{all:#}\n")
}
