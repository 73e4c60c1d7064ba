//! A chart of landing times: when each day landed, and the deadline learned from the days before it.

use std::path::Path;

use anyhow::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use lakegauge_chart::{Axis, Plot, Span};
use lakegauge_core::metric::Metric;

use super::replayed::{Day, replay};
use super::sheet::{FRAME, Side, Sign, key, sheet, word};
use crate::bench::detection::start;

/// Some weeks of a history's landing times.
pub(super) struct Landing {
    pub(super) history: &'static str,
    pub(super) from: Date,
    pub(super) until: Date,
    pub(super) title: &'static str,
    pub(super) values: &'static str,
    /// Days that are labelled in the drawing.
    pub(super) names: &'static [(Date, Side, &'static str)],
}

/// Hours from the day's start.
fn hour(day: &Day, at: Timestamp) -> f64 {
    at.duration_since(day.start()).as_secs_f64() / 3_600.0
}

/// `07:30`, after the day's start.
fn clock(hours: f64) -> String {
    let minutes = (hours * 60.0).round() as i64;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

impl Landing {
    pub(super) fn svg(&self, data: &Path) -> Result<String> {
        let days = replay(data, self.history, Metric::TotalFileSize, None)?;
        let days: Vec<Day> =
            days.into_iter().filter(|day| (self.from..=self.until).contains(&day.day)).collect();
        let landed = |day: &Day| day.landed.as_ref()?.at.map(|at| hour(day, at));
        let due = |day: &Day| day.due.map(|at| hour(day, at));
        let axis = Axis::from_zero(days.iter().flat_map(|day| [landed(day), due(day)]).flatten());
        let plot =
            Plot { frame: FRAME, span: Span { from: start(self.from), until: start(self.until) }, axis };
        let mut drawn = plot.axes(clock);
        for run in days.chunk_by(|a, b| a.due.is_some() == b.due.is_some()) {
            let edges: Vec<_> =
                run.iter().filter_map(|day| Some((day.start(), Some(0.0), Some(due(day)?)))).collect();
            if !edges.is_empty() {
                drawn.push_str(&plot.band("band", &edges));
            }
        }
        for day in &days {
            let came = landed(day);
            // A day that never came is marked at its deadline.
            let Some(hours) = came.or(due(day).filter(|_| day.is_late())) else { continue };
            let place = plot.place(day.start(), hours);
            let title = format!("{}: {}", day.day, came.map_or_else(|| "nothing came".to_owned(), clock));
            drawn.push_str(&match day.is_late() {
                true => Sign::Alarm.drawn(place, &title),
                false => dot(place, &title),
            });
            for (_, side, text) in self.names.iter().filter(|(named, _, _)| *named == day.day) {
                drawn.push_str(&word(place, *side, text));
            }
        }
        Ok(sheet(self.title, self.values, &key("on time", &[Sign::Alarm]), &drawn))
    }
}

fn dot((x, y): (f64, f64), title: &str) -> String {
    format!("<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"><title>{title}</title></circle>\n")
}
