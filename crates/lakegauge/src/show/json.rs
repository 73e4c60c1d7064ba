//! `check --format json`: the report as it is.

use lakegauge_core::verdict::Report;

/// The JSON Schema of [`check`]'s output (draft 2020-12), as published.
pub(crate) const CHECK_SCHEMA: &str = include_str!("../../schema/check.schema.json");

/// The report as JSON, indented, with a line break at its end.
pub(crate) fn check(report: &Report) -> String {
    // A report is a tree of text-keyed maps: there is nothing in it that JSON cannot hold.
    let text = serde_json::to_string_pretty(report).unwrap_or_default();
    format!("{text}\n")
}
