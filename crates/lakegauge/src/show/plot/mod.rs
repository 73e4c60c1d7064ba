//! The past of a metric as `history` shows it: drawn, and in its forms for machines.

mod canvas;
mod drawing;
mod forms;
mod scale;

pub(crate) use drawing::history;
pub(crate) use forms::{csv, json};
