//! The past for machines.

use std::fmt::Write;

use lakegauge_core::judge::Point;
use lakegauge_core::mark::Says;
use serde_json::json;

use crate::show::Past;

/// Comma-separated: `partition,value,low,high,mark`, a line for each partition, empty where there is no value and nobody
/// said anything.
pub(crate) fn csv(past: &Past) -> String {
    let number = |value: Option<f64>| value.map_or_else(String::new, |v| v.to_string());
    let mut out = "partition,value,low,high,mark\n".to_owned();
    for point in &past.points {
        let (value, low, high) = (number(point.value), number(point.low), number(point.high));
        // Writing to a string cannot fail.
        let mark = point.mark.as_ref().map_or("", |mark| says(mark.says));
        let _ = writeln!(out, "{},{value},{low},{high},{mark}", point.partition);
    }
    out
}

fn says(says: Says) -> &'static str {
    match says {
        Says::Accepted => "accepted",
        Says::Bad => "bad",
    }
}

/// One JSON object: `version`, `dataset`, `metric`, `unit` and `points`, each with `partition`, `value`, `low`, `high`, and
/// `mark` where somebody said something of it.
pub(crate) fn json(past: &Past) -> String {
    let point = |p: &Point| {
        let mut point = json!({"partition": p.partition, "value": p.value, "low": p.low, "high": p.high});
        if let (Some(mark), Some(fields)) = (&p.mark, point.as_object_mut()) {
            fields.insert("mark".to_owned(), json!(mark));
        }
        point
    };
    let points: Vec<serde_json::Value> = past.points.iter().map(point).collect();
    let unit = past.metric.unit();
    let (dataset, metric) = (&past.dataset, past.metric);
    let all = json!({"version": 1, "dataset": dataset, "metric": metric, "unit": unit, "points": points});
    format!("{all:#}\n")
}
