//! The sheet of a chart in the documentation: a standalone file with its title, colours and key.

use std::fmt::Write as _;

use lakegauge_chart::{Frame, Shape, escape, mark};

const STYLE: &str = include_str!("sheet.css");

/// The layout of every chart: the title, the description of the values and the key are above the plot.
pub(super) const FRAME: Frame =
    Frame { width: 720.0, height: 340.0, left: 108.0, right: 18.0, top: 88.0, bottom: 34.0 };

/// The kind of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Alarm,
    Notice,
}

impl Sign {
    /// Alarms are filled triangles, notices open diamonds.
    pub(super) fn drawn(self, place: (f64, f64), title: &str) -> String {
        match self {
            Sign::Alarm => mark(place, Shape::Triangle, "alarm", title),
            Sign::Notice => mark(place, Shape::Diamond, "notice", title),
        }
    }
}

/// The position of a label relative to what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
    Above,
    Below,
}

/// A label next to a place.
pub(super) fn word((x, y): (f64, f64), side: Side, text: &str) -> String {
    let (dx, dy, anchor) = match side {
        Side::Left => (-12.0, 2.0, "end"),
        Side::Right => (12.0, 2.0, "start"),
        Side::Above => (0.0, -13.0, "middle"),
        Side::Below => (0.0, 30.0, "middle"),
    };
    let (x, y, text) = (x + dx, y + dy, escape(text));
    format!("<text class=\"said\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>\n")
}

/// A complete SVG file.
pub(super) fn sheet(title: &str, values: &str, key: &str, drawn: &str) -> String {
    let Frame { width, height, .. } = FRAME;
    let (title, values) = (escape(title), escape(values));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n\
         <rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n"
    );
    let _ = write!(
        out,
        "<text class=\"title\" x=\"12\" y=\"27\">{title}</text>\n<text x=\"12\" y=\"52\">{values}</text>\n\
         {key}{drawn}</svg>\n"
    );
    out
}

/// The key of the marks and of the band, in one line.
pub(super) fn key(band: &str, signs: &[Sign]) -> String {
    let (y, mut x) = (75.0, 12.0);
    let mut out = format!("<rect class=\"band\" x=\"{x}\" y=\"{}\" width=\"18\" height=\"12\"/>\n", y - 11.0);
    let mut name = |out: &mut String, text: &str| {
        let _ = writeln!(out, "<text x=\"{:.0}\" y=\"{y}\">{text}</text>", x + 25.0);
        // The width of letters on a small screen.
        x += 50.0 + text.chars().count() as f64 * 10.0;
        x
    };
    let mut next = name(&mut out, band);
    for sign in signs {
        out.push_str(&sign.drawn((next + 10.0, y - 4.5), ""));
        let text = if *sign == Sign::Alarm { "alarm" } else { "notice" };
        next = name(&mut out, text);
    }
    out
}
