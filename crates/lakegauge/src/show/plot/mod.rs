//! The past of a metric for `history`: as a plot, and in machine-readable forms.

mod canvas;
mod drawing;
mod forms;
mod scale;

pub(crate) use drawing::history;
pub(crate) use forms::{csv, json};
