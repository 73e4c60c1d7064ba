//! The past of a metric for `history`: as a plot, and in machine-readable forms.

mod canvas;
mod drawing;
mod forms;
mod scale;

pub use drawing::history;
pub use forms::{csv, json};
