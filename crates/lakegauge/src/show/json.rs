//! `check --format json`: the report as it is.

use lakegauge_core::verdict::Report;

use super::document;

/// The JSON Schema of [`check`]'s output (draft 2020-12), as published.
pub(crate) const CHECK_SCHEMA: &str = include_str!("../../schema/check.schema.json");

/// The report as JSON, indented, with a line break at its end.
pub(crate) fn check(report: &Report) -> String {
    document(report)
}
