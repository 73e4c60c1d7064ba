//! Draws values over time as SVG: an axis, a band, a line, marks.
//!
//! Every shape has a class and no colour, so that the page or file around it can style it for light and dark mode.
//! The page of `lakegauge backtest` and the charts in the documentation use it.

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
