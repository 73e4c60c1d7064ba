//! What a replay found: a table, JSON, and one page of HTML that needs nothing else.

mod chart;
mod found;
mod lanes;
mod page;
mod sections;
mod table;
mod words;

pub(crate) use found::{Found, SCHEMA, json};
pub(crate) use page::html;
pub(crate) use table::{summary, text};
