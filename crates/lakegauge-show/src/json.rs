//! `check --format json`: the report, with the precision of its units.

use lakegauge_core::verdict::Report;

use super::{document, published};

/// The JSON Schema of [`check`]'s output (draft 2020-12), as published.
pub const CHECK_SCHEMA: &str = include_str!("../schema/check.schema.json");

/// The report as indented JSON, with a line break at the end.
pub fn check(report: &Report) -> String {
    document(&published::report(report))
}
