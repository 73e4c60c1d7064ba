//! The timeline: a lane for each dataset that fired, the configs above each other in it.

use std::fmt::Write as _;

use lakegauge_chart::escape;
use lakegauge_core::backtest::DatasetResult;

use super::chart::{FRAME, mark};
use super::{Found, words};
use crate::show::fit;

/// The height of a lane, of its name and of each config in it.
const NAME: f64 = 18.0;
const CONFIG: f64 = 20.0;
/// Below the lanes, for the dates.
const FOOT: f64 = 24.0;
/// A name is as long as the drawing is wide.
const NAME_LENGTH: usize = 72;

/// The timeline as SVG; nothing where nothing fired.
pub(super) fn svg(found: &Found) -> String {
    let fired = |dataset: &&DatasetResult| {
        dataset.configs.iter().flatten().any(|run| run.alarms.iter().any(|a| a.fired > 0))
    };
    let lanes: Vec<&DatasetResult> = found.backtest.datasets.iter().filter(fired).collect();
    if lanes.is_empty() {
        return String::new();
    }
    let configs = found.backtest.configs.len();
    let lane = NAME + CONFIG * configs as f64 + 6.0;
    let height = lane * lanes.len() as f64 + FOOT;
    let about =
        format!("When alarms would have fired, {} datasets; each alarm is listed below.", lanes.len());
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
