//! `check --format json`: the report, as precise as its units are.

use lakegauge_core::verdict::Report;

use super::{document, published};

/// The JSON Schema of [`check`]'s output (draft 2020-12), as published.
pub(crate) const CHECK_SCHEMA: &str = include_str!("../../schema/check.schema.json");

/// The report as JSON, indented, with a line break at its end.
pub(crate) fn check(report: &Report) -> String {
    document(&published::report(report))
}
