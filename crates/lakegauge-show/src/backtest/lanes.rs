//! The timeline: a lane per dataset with alarms, with one row per config.

use std::fmt::Write as _;

use lakegauge_chart::escape;
use lakegauge_replay::DatasetResult;

use super::chart::{FRAME, mark};
use super::{Found, words};
use crate::fit;
use crate::text::many;

/// The height of a lane's name, and of each config in it.
const NAME: f64 = 18.0;
const CONFIG: f64 = 20.0;
/// The space below the lanes, for the dates.
const FOOT: f64 = 24.0;
/// Maximum length of a name, which may be as wide as the drawing.
const NAME_LENGTH: usize = 72;

/// How many lanes are open: a screen or two.
const OPEN: usize = 25;

/// The timeline: the busiest lanes, and the others folded; empty if nothing fired.
pub(super) fn figures(out: &mut String, found: &Found) {
    let (loud, _) = found.loud_and_quiet();
    let (open, folded) = loud.split_at(loud.len().min(OPEN));
    if open.is_empty() {
        return;
    }
    let _ = writeln!(out, "<h2>When</h2>\n<figure>\n{}</figure>", svg(found, open));
    if !folded.is_empty() {
        let more = many(folded.len() as u64, "more dataset");
        let _ = writeln!(
            out,
            "<details>\n<summary>{more}</summary>\n<figure>\n{}</figure>\n</details>",
            svg(found, folded)
        );
    }
}

/// The lanes of these datasets as SVG.
fn svg(found: &Found, lanes: &[&DatasetResult]) -> String {
    let configs = found.backtest.configs.len();
    let lane = NAME + CONFIG * configs as f64 + 6.0;
    let height = lane * lanes.len() as f64 + FOOT;
    let about = format!(
        "When alarms would have fired, {}; each alarm is listed below.",
        many(lanes.len() as u64, "dataset")
    );
    let mut out = format!(
        "<svg viewBox=\"0 0 {} {height}\" role=\"img\" aria-label=\"{}\">\n",
        FRAME.width,
        escape(&about)
    );
    for (n, dataset) in lanes.iter().enumerate() {
        let top = lane * n as f64;
        let name = escape(&fit::shorten(&dataset.dataset, NAME_LENGTH, "…"));
        let _ = writeln!(out, "<text class=\"name\" x=\"0\" y=\"{:.1}\">{name}</text>", top + 13.0);
        for config in 0..configs {
            one(&mut out, found, dataset, config, top + NAME + CONFIG * (config as f64 + 0.5));
        }
    }
    out.push_str(&FRAME.dates(height - 6.0, found.span()));
    out.push_str("</svg>\n");
    out
}

fn one(out: &mut String, found: &Found, dataset: &DatasetResult, config: usize, y: f64) {
    out.push_str(&FRAME.line(y));
    if found.is_double() {
        let (x, letter) = (FRAME.left - 10.0, words::letter(config));
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{:.1}\" text-anchor=\"end\">{letter}</text>", y + 4.0);
    }
    let run = dataset.configs.get(config).and_then(Option::as_ref);
    for alarm in run.iter().flat_map(|run| &run.alarms) {
        for firing in &alarm.firings {
            let title = format!("{} {}: {}", alarm.metric, firing.partition, firing.reason);
            out.push_str(&mark((FRAME.at(firing.at, found.span()), y), config, &title));
        }
    }
}
