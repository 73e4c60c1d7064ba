//! Draws values over time as SVG: an axis, a band, a line, marks.
//!
//! Every shape carries a class and no colour, so that the page or the file around it says how it looks, by day and by night.
//! The page of `lakegauge backtest` and the charts of the documentation are drawn by it.

mod axis;
mod escape;
mod frame;
mod mark;
mod plot;

pub use axis::Axis;
pub use escape::escape;
pub use frame::{Frame, Span};
pub use mark::{Shape, mark};
pub use plot::Plot;
