//! The findings of a replay as a table, as JSON, and as one self-contained HTML page.

mod chart;
mod found;
mod lanes;
mod page;
mod sections;
mod table;
mod words;

pub use found::{Found, SCHEMA, json};
pub use page::html;
pub use table::{summary, text};
