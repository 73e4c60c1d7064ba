//! What goes into a series and what comes out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::metric::Metric;
use crate::partition::Partition;

/// What is known of one landed partition.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// Which.
    pub partition: Partition,
    /// When it landed; `None` where that is not known.
    pub landed_at: Option<Timestamp>,
    /// Its volumes, in the metrics' units.
    pub metrics: BTreeMap<Metric, f64>,
    /// What may be learned from it.
    pub lesson: Lesson,
}

/// What may be learned from a fact. It is judged in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lesson {
    /// As much as the verdict on it allows.
    #[default]
    Judged,
    /// It is normal, whatever is found: a new level is taken at once.
    Normal,
    /// Nothing: it is known to be wrong.
    None,
}

/// How grave a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As expected, or nothing is expected yet.
    Ok,
    /// Unusual, and not worth waking anybody.
    Notice,
    /// Wrong.
    Alarm,
}

/// What is expected of one metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// The least that is fine.
    pub low: Option<f64>,
    /// The most that is fine.
    pub high: Option<f64>,
    /// What it was learned from: `the last 4 Mondays`.
    pub source: String,
}

impl Band {
    /// Expects `times` as much.
    pub fn stretch(&mut self, times: f64) {
        self.low = self.low.map(|low| low * times);
        self.high = self.high.map(|high| high * times);
    }
}

/// What history says of one partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The gravest of what its metrics say.
    pub level: Level,
    /// The metric that says it.
    pub metric: Metric,
    /// The value that was judged.
    pub observed: f64,
    /// What was expected of it.
    pub expected: Option<Band>,
    /// The change of level that was taken as normal with it, as a logarithm.
    pub moved: Option<f64>,
    /// With it, the level of an open alarm is taken as normal: the alarm is over, for the partitions before it, too.
    #[serde(default, skip)]
    pub settled: bool,
    /// In an alarm that was raised by an earlier partition and is still open: that partition. `None` for a new alarm, and
    /// where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuing: Option<Partition>,
    /// One sentence, without a full stop.
    pub reason: String,
    /// What its other metrics say.
    #[serde(default, skip)]
    pub beside: Vec<Verdict>,
}

impl Verdict {
    /// What the partition's `metric` says.
    pub fn on(&self, metric: Metric) -> Option<&Verdict> {
        std::iter::once(self).chain(&self.beside).find(|verdict| verdict.metric == metric)
    }
}

/// By when a partition must have landed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Due {
    /// The deadline; `None`: not expected, or not known.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: String,
}
