//! The drawing's size and its stretch of time.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The size of a drawing and the room around its field, in units of the drawing: it grows and shrinks with what it is shown in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// From the left edge to the right one.
    pub width: f64,
    /// From the top to the bottom.
    pub height: f64,
    /// Left of the field: the values' labels.
    pub left: f64,
    /// Right of the field.
    pub right: f64,
    /// Above the field.
    pub top: f64,
    /// Below the field: the dates.
    pub bottom: f64,
}

/// A stretch of time, drawn from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// At the left edge of the field.
    pub from: Timestamp,
    /// At its right edge.
    pub until: Timestamp,
}

/// From how many days on the dates are months of a year.
const MONTHS_FROM: i64 = 400;

impl Frame {
    /// Where a share of the field's width lies, from the drawing's left edge; 0 and 1 are the field's edges.
    pub fn across(&self, share: f64) -> f64 {
        self.left + share * (self.width - self.left - self.right)
    }

    /// Where a share of the field's height lies, from the drawing's top; 0 is the bottom of the field.
    pub fn up(&self, share: f64) -> f64 {
        self.floor() - share * (self.height - self.top - self.bottom)
    }

    /// The field's lower edge, from the drawing's top.
    pub fn floor(&self) -> f64 {
        self.height - self.bottom
    }

    /// Where an instant lies; beyond an edge is on it.
    pub fn at(&self, at: Timestamp, span: Span) -> f64 {
        self.across(span.share(at))
    }

    /// A level line through the field.
    pub fn line(&self, y: f64) -> String {
        let (left, right) = (self.left, self.width - self.right);
        format!("<line class=\"grid\" x1=\"{left}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>\n")
    }

    /// The dates below a field, written at the height `y`: the outer ones stay inside.
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
