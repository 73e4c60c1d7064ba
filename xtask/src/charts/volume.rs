//! A chart of sizes: what landed each day over its expected band.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use lakegauge_chart::{Axis, Plot, Span};
use lakegauge_core::baseline::Level;
use lakegauge_core::metric::Metric;
use lakegauge_core::quantity;

use super::replayed::{Day, Plant, replay};
use super::sheet::{FRAME, Side, Sign, key, sheet, word};
use crate::bench::detection::start;

/// Some weeks of a history.
pub(super) struct Volume {
    pub(super) history: &'static str,
    pub(super) metric: Metric,
    pub(super) from: Date,
    pub(super) until: Date,
    pub(super) title: &'static str,
    /// A description of the values.
    pub(super) values: &'static str,
    pub(super) plant: Option<Plant>,
    /// Days that are labelled in the drawing, with the verdict that each must have.
    pub(super) names: &'static [Name],
}

/// A label next to a day. The drawing states its verdict, so this is checked.
pub(super) struct Name {
    pub(super) day: Date,
    pub(super) level: Level,
    pub(super) side: Side,
    pub(super) text: &'static str,
}

impl Volume {
    pub(super) fn svg(&self, data: &Path) -> Result<String> {
        let days = replay(data, self.history, self.metric, self.plant)?;
        let days: Vec<Day> =
            days.into_iter().filter(|day| (self.from..=self.until).contains(&day.day)).collect();
        let edges = days.iter().filter_map(|day| day.landed.as_ref()).flat_map(|landed| {
            let high = landed.band.as_ref().and_then(|band| band.high);
            [Some(landed.value), high]
        });
        let axis = Axis::from_zero(edges.flatten());
        let plot =
            Plot { frame: FRAME, span: Span { from: start(self.from), until: start(self.until) }, axis };
        let mut drawn = plot.axes(|tick| quantity::format(tick, self.metric.unit()));
        drawn.push_str(&bands(&days, &plot));
        for run in days.chunk_by(|a, b| a.landed.is_some() == b.landed.is_some()) {
            let values = run.iter().filter_map(|day| Some((day.start(), day.landed.as_ref()?.value)));
            drawn.push_str(&plot.line("value", values));
        }
        let mut signs = Vec::new();
        for (day, landed) in days.iter().filter_map(|day| Some((day, day.landed.as_ref()?))) {
            let sign = match landed.verdict.level {
                Level::Ok => continue,
                Level::Notice => Sign::Notice,
                Level::Alarm => Sign::Alarm,
            };
            signs.push(sign);
            let title = format!("{}: {}", day.day, landed.verdict.reason());
            drawn.push_str(&sign.drawn(plot.place(day.start(), landed.value), &title));
        }
        for name in self.names {
            drawn.push_str(&name.drawn(&days, &plot).with_context(|| self.title.to_owned())?);
        }
        signs.sort_unstable_by_key(|sign| *sign as u8);
        signs.dedup();
        Ok(sheet(self.title, self.values, &key("expected", &signs), &drawn))
    }
}

fn bands(days: &[Day], plot: &Plot) -> String {
    let band = |day: &Day| day.landed.as_ref().and_then(|landed| landed.band.clone());
    let known: Vec<_> = days.iter().map(|day| (day.start(), band(day))).collect();
    let runs = known.chunk_by(|(_, a), (_, b)| a.is_some() == b.is_some());
    let edges = runs.map(|run| {
        run.iter().filter_map(|(at, band)| band.as_ref().map(|b| (*at, b.low, b.high))).collect::<Vec<_>>()
    });
    edges.filter(|edges| !edges.is_empty()).map(|edges| plot.band("band", &edges)).collect()
}

impl Name {
    /// Places the label next to the day's value; an error if the verdict differs.
    fn drawn(&self, days: &[Day], plot: &Plot) -> Result<String> {
        let day = days.iter().find(|day| day.day == self.day);
        let (day, landed) = day
            .and_then(|day| Some((day, day.landed.as_ref()?)))
            .with_context(|| format!("nothing came on {}", self.day))?;
        let level = landed.verdict.level;
        ensure!(level == self.level, "{}: {level:?}, but the chart says {:?}", self.day, self.level);
        Ok(word(plot.place(day.start(), landed.value), self.side, self.text))
    }
}
