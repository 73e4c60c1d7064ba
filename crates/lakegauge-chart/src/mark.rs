//! Marks, distinguished by shape and not by colour alone.

use crate::escape;

/// The shape of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A triangle that points up.
    Triangle,
    /// A square standing on a corner.
    Diamond,
}

/// A mark at a place of the drawing, with a tooltip.
pub fn mark((x, y): (f64, f64), shape: Shape, class: &str, title: &str) -> String {
    let corners: &[(f64, f64)] = match shape {
        Shape::Triangle => &[(0.0, -6.0), (6.0, 5.0), (-6.0, 5.0)],
        Shape::Diamond => &[(0.0, -7.0), (7.0, 0.0), (0.0, 7.0), (-7.0, 0.0)],
    };
    let points: Vec<String> = corners.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
    let (points, title) = (points.join(" "), escape(title));
    format!("<polygon class=\"{class}\" points=\"{points}\"><title>{title}</title></polygon>\n")
}
