//! The input and the output of a series.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::source::Source;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::record::Lesson;

/// What is known of one landed partition.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The partition.
    pub partition: Partition,
    /// When it landed; `None` if unknown.
    pub landed_at: Option<Timestamp>,
    /// Its volumes, in the metrics' units.
    pub metrics: BTreeMap<Metric, f64>,
    /// What may be learned from it.
    pub lesson: Lesson,
}

/// How serious a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As expected, or nothing is expected yet.
    Ok,
    /// Unusual, but not worth a page.
    Notice,
    /// Wrong.
    Alarm,
}

/// What is expected of one metric.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Band {
    /// Minimum allowed.
    pub low: Option<f64>,
    /// Maximum allowed.
    pub high: Option<f64>,
    /// What it was learned from: `the last 4 Mondays`.
    pub source: Source,
}

impl Band {
    /// Scales the expected range by `times`.
    pub fn stretch(&mut self, times: f64) {
        self.low = self.low.map(|low| low * times);
        self.high = self.high.map(|high| high * times);
    }
}

/// History's verdict on one partition.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The most serious level among its metrics.
    pub level: Level,
    /// The metric with that level.
    pub metric: Metric,
    /// The value that was judged.
    pub observed: f64,
    /// What was expected.
    pub expected: Option<Band>,
    /// The change of level that was accepted as normal with it, as a logarithm.
    pub moved: Option<f64>,
    /// This partition makes the level of an open alarm normal, so the alarm clears, for earlier partitions too.
    pub settled: bool,
    /// The earlier partition that raised the alarm, if that alarm is still open. `None` for a new alarm, and if there
    /// is none.
    pub continuing: Option<Partition>,
    /// What its sentence says besides; `None` if nothing was measured.
    pub said: Option<Said>,
    /// The verdicts of its other metrics.
    pub beside: Vec<Verdict>,
}

/// What the sentence of a verdict says besides its values. A replay judges the whole past, and only the sentences that
/// somebody reads are written.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The level before a person accepted it.
    pub found: Level,
    /// Why it has that level.
    pub because: Option<String>,
    /// How many hours' worth of data it has, where that is not one.
    pub hours: f64,
}

impl Verdict {
    /// The verdict on `metric`.
    pub fn on(&self, metric: Metric) -> Option<&Verdict> {
        std::iter::once(self).chain(&self.beside).find(|verdict| verdict.metric == metric)
    }
}

/// By when a partition must have landed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// The deadline; `None` if the partition is not expected or the deadline is unknown.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: String,
}
