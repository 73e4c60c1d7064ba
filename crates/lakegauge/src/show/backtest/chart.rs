//! The chart of one metric of one dataset: its values over time beside the band that was expected of each, with what fired.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lakegauge_core::backtest::{AlarmResult, Judged};
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::quantity;

use super::escape::escape;
use super::scale::Axis;
use super::words;
use crate::show::text::many;

/// The drawing's size; it grows and shrinks with the page.
pub(super) const WIDTH: f64 = 680.0;
const HEIGHT: f64 = 190.0;
/// The room for the axes' numbers.
pub(super) const LEFT: f64 = 74.0;
pub(super) const RIGHT: f64 = 12.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 26.0;

/// One metric of one dataset, under one or two configs.
pub(super) struct Chart<'a> {
    pub(super) dataset: &'a str,
    pub(super) metric: Metric,
    /// The configs by number.
    pub(super) alarms: Vec<(usize, &'a AlarmResult)>,
    pub(super) zone: &'a TimeZone,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

/// Where an instant lies, from the left.
pub(super) fn across(at: Timestamp, from: Timestamp, until: Timestamp) -> f64 {
    let whole = until.duration_since(from).as_secs_f64().max(1.0);
    let share = (at.duration_since(from).as_secs_f64() / whole).clamp(0.0, 1.0);
    LEFT + share * (WIDTH - LEFT - RIGHT)
}

/// The ticks of the time axis: a few dates, each with its place.
pub(super) fn dates(from: Timestamp, until: Timestamp) -> Vec<(f64, String)> {
    let days = until.duration_since(from).as_secs() / 86_400;
    let form = if days > 400 { "%b %Y" } else { "%-d %b" };
    let at = |n: i32| from + until.duration_since(from) * n / 4;
    let named = |at: Timestamp| at.to_zoned(TimeZone::UTC).strftime(form).to_string();
    (0..=4).map(|n| (across(at(n), from, until), named(at(n)))).collect()
}

/// The mark of a config: a filled triangle or an open diamond, told apart by shape and not by colour alone.
pub(super) fn mark(x: f64, y: f64, config: usize, title: &str) -> String {
    let points = match config {
        0 => [(0.0, -6.0), (6.0, 5.0), (-6.0, 5.0)].as_slice(),
        _ => &[(0.0, -7.0), (7.0, 0.0), (0.0, 7.0), (-7.0, 0.0)],
    };
    let points: Vec<String> = points.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
    let (points, title) = (points.join(" "), escape(title));
    format!("<polygon class=\"fired c{config}\" points=\"{points}\"><title>{title}</title></polygon>\n")
}

impl Chart<'_> {
    /// The chart as SVG; nothing where nothing was judged.
    pub(super) fn svg(&self) -> String {
        let every = || self.alarms.iter().flat_map(|(_, alarm)| &alarm.judged);
        if every().next().is_none() {
            return String::new();
        }
        let edges = every().flat_map(|j| [Some(j.value), j.bounds.low, j.bounds.high]);
        let axis = Axis::around(edges.flatten());
        let mut out = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\n",
            escape(&self.description(&axis))
        );
        self.axes(&mut out, &axis);
        for (config, alarm) in &self.alarms {
            self.band(&mut out, *config, alarm, &axis);
        }
        if let Some((_, alarm)) = self.alarms.iter().find(|(_, alarm)| !alarm.judged.is_empty()) {
            self.values(&mut out, alarm, &axis);
        }
        for (config, alarm) in &self.alarms {
            self.firings(&mut out, *config, alarm, &axis);
        }
        out.push_str("</svg>\n");
        out
    }

    /// What the drawing shows, for those who do not see it.
    fn description(&self, axis: &Axis) -> String {
        let scale = if axis.is_log() { "logarithmic" } else { "linear" };
        let fired = self.alarms.iter().map(|(config, alarm)| {
            let which = if self.alarms.len() > 1 {
                format!(" of config {}", words::letter(*config))
            } else {
                String::new()
            };
            format!("{}{which}", many(alarm.fired as u64, "alarm"))
        });
        let fired: Vec<String> = fired.collect();
        format!(
            "{} of {} over time on a {scale} scale, with the band that was expected; {}. The alarms are listed below.",
            self.metric,
            self.dataset,
            fired.join(", ")
        )
    }

    fn x(&self, partition: Partition) -> f64 {
        across(partition.start_in(self.zone), self.from, self.until)
    }

    fn y(axis: &Axis, value: f64) -> f64 {
        HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - TOP - BOTTOM)
    }

    fn axes(&self, out: &mut String, axis: &Axis) {
        for tick in axis.ticks() {
            let y = Self::y(axis, tick);
            let label = escape(&quantity::format(tick, self.metric.unit()));
            let right = WIDTH - RIGHT;
            let _ = writeln!(
                out,
                "<line class=\"grid\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\"/>"
            );
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>",
                LEFT - 6.0,
                y + 4.0
            );
        }
        out.push_str(&time_axis(HEIGHT - BOTTOM + 18.0, self.from, self.until));
    }

    /// The band, broken where nothing was expected; an open edge is that of the drawing.
    fn band(&self, out: &mut String, config: usize, alarm: &AlarmResult, axis: &Axis) {
        let has_band = |j: &&Judged| !j.bounds.is_empty();
        let runs = alarm.judged.chunk_by(|a, b| a.bounds.is_empty() == b.bounds.is_empty());
        for run in runs.filter(|run| run.iter().all(|j| has_band(&j))) {
            let upper = run
                .iter()
                .map(|j| (self.x(j.partition), j.bounds.high.map_or(TOP, |high| Self::y(axis, high))));
            let floor = HEIGHT - BOTTOM;
            let lower = run.iter().rev();
            let lower =
                lower.map(|j| (self.x(j.partition), j.bounds.low.map_or(floor, |low| Self::y(axis, low))));
            let points: Vec<String> = upper.chain(lower).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let _ = writeln!(out, "<polygon class=\"band c{config}\" points=\"{}\"/>", points.join(" "));
        }
    }

    fn values(&self, out: &mut String, alarm: &AlarmResult, axis: &Axis) {
        let points: Vec<String> = alarm
            .judged
            .iter()
            .map(|j| format!("{:.1},{:.1}", self.x(j.partition), Self::y(axis, j.value)))
            .collect();
        let _ = writeln!(out, "<polyline class=\"value\" points=\"{}\"/>", points.join(" "));
    }

    fn firings(&self, out: &mut String, config: usize, alarm: &AlarmResult, axis: &Axis) {
        for firing in &alarm.firings {
            let y = firing.observed.map_or(HEIGHT - BOTTOM, |value| Self::y(axis, value));
            let config_name =
                if self.alarms.len() > 1 { format!("{}: ", words::letter(config)) } else { String::new() };
            let title = format!("{config_name}{}: {}", firing.partition, firing.reason);
            out.push_str(&mark(self.x(firing.partition), y, config, &title));
        }
    }
}

/// The dates below a drawing.
pub(super) fn time_axis(y: f64, from: Timestamp, until: Timestamp) -> String {
    let dates = dates(from, until);
    let last = dates.len().saturating_sub(1);
    let mut out = String::new();
    for (n, (x, date)) in dates.into_iter().enumerate() {
        let anchor = match n {
            0 => "start",
            n if n == last => "end",
            _ => "middle",
        };
        let _ = writeln!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{date}</text>");
    }
    out
}
