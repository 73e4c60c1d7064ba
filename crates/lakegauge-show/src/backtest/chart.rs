//! The chart of one metric of one dataset: its values over time with the expected band, and what fired.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lakegauge_chart::{Axis, Frame, Plot, Shape, Span, escape};
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::quantity;
use lakegauge_replay::{AlarmResult, Judged};

use super::words;
use crate::text::many;

/// The size of a chart. The timeline has the same width and margins.
pub(super) const FRAME: Frame =
    Frame { width: 680.0, height: 190.0, left: 74.0, right: 12.0, top: 14.0, bottom: 26.0 };

/// One metric of one dataset, under one or two configs.
pub(super) struct Chart<'a> {
    pub(super) dataset: &'a str,
    pub(super) metric: Metric,
    /// The configs by number.
    pub(super) alarms: Vec<(usize, &'a AlarmResult)>,
    pub(super) zone: &'a TimeZone,
    pub(super) span: Span,
}

/// The mark of a config: a filled triangle or an open diamond.
pub(super) fn mark(place: (f64, f64), config: usize, title: &str) -> String {
    let shape = if config == 0 { Shape::Triangle } else { Shape::Diamond };
    lakegauge_chart::mark(place, shape, &format!("fired c{config}"), title)
}

impl Chart<'_> {
    /// The chart as SVG; empty if nothing was judged.
    pub(super) fn svg(&self) -> String {
        let every = || self.alarms.iter().flat_map(|(_, alarm)| &alarm.judged);
        if every().next().is_none() {
            return String::new();
        }
        let edges = every().flat_map(|j| [Some(j.value), j.bounds.low, j.bounds.high]);
        let plot = Plot { frame: FRAME, span: self.span, axis: Axis::around(edges.flatten()) };
        let Frame { width, height, .. } = FRAME;
        let mut out = format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\n",
            escape(&self.description(&plot.axis))
        );
        out.push_str(&plot.axes(|tick| quantity::format(tick, self.metric.unit())));
        for (config, alarm) in &self.alarms {
            self.band(&mut out, *config, alarm, &plot);
        }
        if let Some((_, alarm)) = self.alarms.iter().find(|(_, alarm)| !alarm.judged.is_empty()) {
            let values = alarm.judged.iter().map(|j| (self.at(j.partition), j.value));
            out.push_str(&plot.line("value", values));
        }
        for (config, alarm) in &self.alarms {
            self.firings(&mut out, *config, alarm, &plot);
        }
        out.push_str("</svg>\n");
        out
    }

    /// A description of the drawing for screen readers.
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
            "{} of {} over time on a {scale} scale, with the expected band; {}. The alarms are listed below.",
            self.metric,
            self.dataset,
            fired.join(", ")
        )
    }

    fn at(&self, partition: Partition) -> Timestamp {
        partition.start_in(self.zone)
    }

    /// The band, interrupted where there was none.
    fn band(&self, out: &mut String, config: usize, alarm: &AlarmResult, plot: &Plot) {
        let runs = alarm.judged.chunk_by(|a, b| a.bounds.is_empty() == b.bounds.is_empty());
        let edges = |j: &Judged| (self.at(j.partition), j.bounds.low, j.bounds.high);
        for run in runs.filter(|run| !run.iter().any(|j| j.bounds.is_empty())) {
            let edges: Vec<_> = run.iter().map(edges).collect();
            out.push_str(&plot.band(&format!("band c{config}"), &edges));
        }
    }

    fn firings(&self, out: &mut String, config: usize, alarm: &AlarmResult, plot: &Plot) {
        for firing in &alarm.firings {
            let (x, floor) = (FRAME.at(self.at(firing.partition), self.span), FRAME.floor());
            let place =
                firing.observed.map_or((x, floor), |value| plot.place(self.at(firing.partition), value));
            let config_name =
                if self.alarms.len() > 1 { format!("{}: ", words::letter(config)) } else { String::new() };
            let title = format!("{config_name}{}: {}", firing.partition, firing.reason);
            out.push_str(&mark(place, config, &title));
        }
    }
}
