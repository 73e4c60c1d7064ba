//! The past in machine-readable forms.

use std::fmt::Write;

use lakegauge_core::judge::Point;
use lakegauge_core::mark::Says;
use lakegauge_core::metric::Unit;
use serde_json::json;

use crate::{Past, document};

/// Comma-separated: `partition,value,low,high,mark`, one line per partition; a field is empty if there is no value or
/// no mark.
pub fn csv(past: &Past) -> String {
    let number = |value: Option<f64>| {
        let value = value.map(|v| rounded(v, past.metric.unit()));
        value.map_or_else(String::new, |v| v.to_string())
    };
    let mut out = "partition,value,low,high,mark\n".to_owned();
    for point in &past.points {
        let (value, low, high) = (number(point.value), number(point.low), number(point.high));
        // Writing to a string cannot fail.
        let mark = point.mark.as_ref().map_or("", |mark| says(mark.says));
        let _ = writeln!(out, "{},{value},{low},{high},{mark}", point.partition);
    }
    out
}

/// A value with the precision of its unit: whole bytes, and seconds to three decimals.
fn rounded(value: f64, unit: Unit) -> f64 {
    match unit {
        Unit::Bytes | Unit::Count => value.round(),
        Unit::Seconds => (value * 1e3).round() / 1e3,
        Unit::None => value,
    }
}

fn says(says: Says) -> &'static str {
    match says {
        Says::Accepted => "accepted",
        Says::Bad => "bad",
    }
}

/// One JSON object: `version`, `dataset`, `metric`, `unit` and `points`, each with `partition`, `value`, `low`,
/// `high`, and `mark` if a person gave a verdict.
pub fn json(past: &Past) -> String {
    let point = |p: &Point| {
        let [value, low, high] = [p.value, p.low, p.high].map(|v| v.map(|v| rounded(v, past.metric.unit())));
        let mut point = json!({"partition": p.partition, "value": value, "low": low, "high": high});
        if let (Some(mark), Some(fields)) = (&p.mark, point.as_object_mut()) {
            fields.insert("mark".to_owned(), json!(mark));
        }
        point
    };
    let points: Vec<serde_json::Value> = past.points.iter().map(point).collect();
    let unit = past.metric.unit();
    let (dataset, metric) = (&past.dataset, past.metric);
    let all = json!({"version": 1, "dataset": dataset, "metric": metric, "unit": unit, "points": points});
    document(&all)
}
