//! Values over time, in a frame.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::{Axis, Frame, Span, escape};

/// The plot area: time to the right, values upwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// The drawing's size.
    pub frame: Frame,
    /// The time span between its left and right edge.
    pub span: Span,
    /// The values between its bottom and top.
    pub axis: Axis,
}

impl Plot {
    /// The place of a value at an instant.
    pub fn place(&self, at: Timestamp, value: f64) -> (f64, f64) {
        (self.frame.at(at, self.span), self.y(value))
    }

    fn y(&self, value: f64) -> f64 {
        self.frame.up(self.axis.place(value))
    }

    /// The axes: value labels with a grid line through each, and the dates below.
    pub fn axes(&self, named: impl Fn(f64) -> String) -> String {
        let mut out = String::new();
        for tick in self.axis.ticks() {
            let y = self.y(tick);
            let (label, x) = (escape(&named(tick)), self.frame.left - 6.0);
            out.push_str(&self.frame.line(y));
            let y = y + 4.0;
            let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{label}</text>");
        }
        out.push_str(&self.frame.dates(self.frame.floor() + 18.0, self.span));
        out
    }

    /// A band between a low and a high edge; an open edge is that of the field.
    pub fn band(&self, class: &str, edges: &[(Timestamp, Option<f64>, Option<f64>)]) -> String {
        let edge =
            |at, value: Option<f64>, open| (self.frame.at(at, self.span), value.map_or(open, |v| self.y(v)));
        let upper = edges.iter().map(|(at, _, high)| edge(*at, *high, self.frame.top));
        let lower = edges.iter().rev().map(|(at, low, _)| edge(*at, *low, self.frame.floor()));
        shape("polygon", class, upper.chain(lower))
    }

    /// A line through the values.
    pub fn line(&self, class: &str, values: impl Iterator<Item = (Timestamp, f64)>) -> String {
        shape("polyline", class, values.map(|(at, value)| self.place(at, value)))
    }
}

fn shape(element: &str, class: &str, points: impl Iterator<Item = (f64, f64)>) -> String {
    let points: Vec<String> = points.map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
    format!("<{element} class=\"{class}\" points=\"{}\"/>\n", points.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_places_its_values_and_leaves_open_edges_to_the_field() {
        let (from, until) = (Timestamp::UNIX_EPOCH, Timestamp::constant(86_400 * 4, 0));
        let frame = Frame { width: 120.0, height: 70.0, left: 10.0, right: 10.0, top: 5.0, bottom: 15.0 };
        let axis = Axis::around([0.0, 100.0].into_iter());
        let plot = Plot { frame, span: Span { from, until }, axis };
        assert_eq!(plot.place(from, 0.0), (10.0, 55.0));
        assert_eq!(plot.place(until, 200.0), (110.0, 5.0));
        let band = plot.band("band", &[(from, None, Some(200.0)), (until, Some(55.0), None)]);
        assert_eq!(band, "<polygon class=\"band\" points=\"10.0,5.0 110.0,5.0 110.0,30.0 10.0,55.0\"/>\n");
        let axes = plot.axes(|value| format!("<{value}>"));
        for text in ["&lt;100&gt;", ">1 Jan<", ">3 Jan<", ">5 Jan<"] {
            assert!(axes.contains(text), "{text} in {axes}");
        }
    }
}
