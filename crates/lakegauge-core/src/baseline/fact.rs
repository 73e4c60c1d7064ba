//! What goes into a series and what comes out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

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
    /// Known to be wrong: it is judged, and does not teach.
    pub bad: bool,
}

/// How grave a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Band {
    /// The least that is fine.
    pub low: Option<f64>,
    /// The most that is fine.
    pub high: Option<f64>,
    /// What it was learnt from, to follow "from": `the last 8 Mondays`.
    pub source: String,
}

/// What history says of one partition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The gravest of what its metrics say.
    pub level: Level,
    /// The metric that says it.
    pub metric: Metric,
    /// The value that was judged.
    pub observed: f64,
    /// What was expected of it.
    pub expected: Option<Band>,
    /// One sentence, without a full stop.
    pub reason: String,
}

/// By when a partition must have landed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Due {
    /// The deadline; `None`: not expected, or not known.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: String,
}
