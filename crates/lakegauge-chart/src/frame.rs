//! The size of a drawing and its time span.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The size of a drawing and the margins around its field, in units of the drawing: it scales with what it is shown
/// in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// From the left edge to the right edge.
    pub width: f64,
    /// From the top to the bottom.
    pub height: f64,
    /// The left margin, for the values' labels.
    pub left: f64,
    /// The right margin.
    pub right: f64,
    /// The top margin.
    pub top: f64,
    /// The bottom margin, for the dates.
    pub bottom: f64,
}

/// A time span, drawn from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The time at the left edge of the field.
    pub from: Timestamp,
    /// The time at its right edge.
    pub until: Timestamp,
}

/// From this number of days on, the dates are months with the year.
const MONTHS_FROM: i64 = 400;

impl Frame {
    /// The x coordinate of a share of the field's width; 0 and 1 are the field's edges.
    pub fn across(&self, share: f64) -> f64 {
        self.left + share * (self.width - self.left - self.right)
    }

    /// The y coordinate of a share of the field's height; 0 is the bottom of the field.
    pub fn up(&self, share: f64) -> f64 {
        self.floor() - share * (self.height - self.top - self.bottom)
    }

    /// The y coordinate of the field's lower edge.
    pub fn floor(&self) -> f64 {
        self.height - self.bottom
    }

    /// The place of an instant between 0 and 1; instants outside the span are clamped.
    pub fn at(&self, at: Timestamp, span: Span) -> f64 {
        self.across(span.share(at))
    }

    /// A horizontal line through the field.
    pub fn line(&self, y: f64) -> String {
        let (left, right) = (self.left, self.width - self.right);
        format!("<line class=\"grid\" x1=\"{left}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\n")
    }

    /// The dates below a field, at height `y`; the outer ones stay inside the drawing.
    pub fn dates(&self, y: f64, span: Span) -> String {
        let mut out = String::new();
        for (n, (share, date)) in span.dates().into_iter().enumerate() {
            let anchor = ["start", "middle", "middle", "middle", "end"].get(n).unwrap_or(&"middle");
            let x = self.across(share);
            let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{date}</text>");
        }
        out
    }
}

impl Span {
    fn share(self, at: Timestamp) -> f64 {
        let whole = self.until.duration_since(self.from).as_secs_f64().max(1.0);
        (at.duration_since(self.from).as_secs_f64() / whole).clamp(0.0, 1.0)
    }

    /// Five dates (UTC) from edge to edge, each with its place.
    fn dates(self) -> Vec<(f64, String)> {
        let length = self.until.duration_since(self.from);
        let form = if length.as_secs() / 86_400 > MONTHS_FROM { "%b %Y" } else { "%-d %b" };
        let at = |n: i32| (self.from + length * n / 4).to_zoned(TimeZone::UTC);
        (0..=4).map(|n| (f64::from(n) / 4.0, at(n).strftime(form).to_string())).collect()
    }
}
