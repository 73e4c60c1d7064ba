//! What an alarm watches and when it fires.

use serde::{Deserialize, Serialize};

use super::bounds::{Bounds, Margin};
use crate::metric::Metric;

/// One alarm on one metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The metric that is watched.
    pub metric: Metric,
    /// Where its values should lie.
    pub limit: Limit,
    /// How much it matters.
    pub severity: Severity,
    /// N: how many of the newest datapoints are evaluated. At least 1; 0 counts as 1.
    pub evaluation_periods: u32,
    /// M: how many of those must breach. Between 1 and N; anything else counts as the nearer of the two.
    pub datapoints_to_alarm: u32,
    /// What a partition without a datapoint means.
    pub missing_data: MissingData,
}

impl Rule {
    /// A critical alarm on the newest datapoint alone (1 of 1), with missing data as `missing`.
    pub fn new(metric: Metric, limit: Limit) -> Rule {
        Rule {
            metric,
            limit,
            severity: Severity::default(),
            evaluation_periods: 1,
            datapoints_to_alarm: 1,
            missing_data: MissingData::default(),
        }
    }
}

/// Where a metric's values should lie. A value on a bound is within it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Fixed bounds in the metric's unit: `at_least` is `low`, `at_most` is `high`; either or both.
    Fixed(Bounds),
    /// Near a good value of the past.
    Within {
        /// How near.
        margin: Margin,
        /// To which value.
        against: Against,
    },
    /// Inside the band that the baseline draws from history.
    Learned,
}

impl Limit {
    /// `at_least: low`.
    pub fn at_least(low: f64) -> Limit {
        Limit::Fixed(Bounds { low: Some(low), high: None })
    }

    /// `at_most: high`.
    pub fn at_most(high: f64) -> Limit {
        Limit::Fixed(Bounds { low: None, high: Some(high) })
    }
}

/// Which value of the past a new one is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// The newest good partition before this one.
    #[default]
    PreviousGood,
    /// The newest good partition before this one on the same weekday (and at the same hour, for hourly
    /// partitions). Weekly and monthly partitions have no weekday: they use the previous good one.
    SameWeekday,
}

/// How much an alarm matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing in the morning.
    Warning,
    /// Worth waking somebody.
    #[default]
    Critical,
}

/// How an evaluation treats missing datapoints; CloudWatch's `TreatMissingData`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MissingData {
    /// Nothing is known of them; when nothing else is known either, the state is `INSUFFICIENT_DATA`.
    #[default]
    Missing,
    /// The alarm keeps its state.
    Ignore,
    /// They count as outside of the limit.
    Breaching,
    /// They count as within the limit.
    NotBreaching,
}
