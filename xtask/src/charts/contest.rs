//! The chart that compares the rules: false alarms to the right, caught faults upwards.

use std::fmt::Write as _;

use lakegauge_chart::{Axis, escape};

use super::sheet::{FRAME, Side, sheet, word};
use crate::bench::detection::Standing;

/// The limits of the horizontal scale, in powers of ten.
const FALSE: (i32, i32) = (-2, 1);
/// The limits of the vertical scale: every rule is between them.
const CAUGHT: (f64, f64) = (0.6, 0.92);
/// Where each name is placed, in the order of the table, so that none covers another.
const SIDES: [Side; 6] = [Side::Right, Side::Below, Side::Right, Side::Left, Side::Left, Side::Right];

/// Each rule as a point with its name; up and left is better.
pub(super) fn svg(standings: &[Standing]) -> String {
    let right = Axis::decades(FALSE.0, FALSE.1);
    let x = |value| FRAME.across(right.place(value));
    let (least, most) = CAUGHT;
    let y = |share: f64| FRAME.up(((share - least) / (most - least)).clamp(0.0, 1.0));
    let mut drawn = String::new();
    for percent in [60, 70, 80, 90] {
        let y = y(f64::from(percent) / 100.0);
        drawn.push_str(&FRAME.line(y));
        let (left, y) = (FRAME.left - 6.0, y + 4.0);
        let _ = writeln!(drawn, "<text x=\"{left}\" y=\"{y:.1}\" text-anchor=\"end\">{percent} %</text>");
    }
    for value in [0.01, 0.1, 1.0, 10.0] {
        let (x, y) = (x(value), FRAME.floor() + 22.0);
        let _ = writeln!(drawn, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{value}</text>");
    }
    for (n, (standing, side)) in standings.iter().zip(SIDES).enumerate() {
        let (x, y) = (x(standing.false_per_month()), y(standing.caught()));
        let (class, title) = (if n == 0 { "ours" } else { "peer" }, escape(standing.name));
        let _ = writeln!(
            drawn,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"6\"><title>{title}</title></circle>"
        );
        let short = standing.name.split_once(',').map_or(standing.name, |(short, _)| short);
        drawn.push_str(&word((x, y), side, short));
    }
    let key =
        "<text x=\"12\" y=\"75\">to the right: false alarms per dataset per month (logarithmic)</text>\n";
    sheet("Fewer false alarms, more faults caught", "upwards: injected faults that were caught", key, &drawn)
}
