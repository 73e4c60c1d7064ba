//! The past of one metric.

use jiff::tz::TimeZone;
use lakegauge_core::judge::Point;
use lakegauge_core::metric::Metric;

/// The past of one metric of one dataset.
#[derive(Clone, Debug)]
pub struct Past {
    /// The dataset.
    pub dataset: String,
    /// The metric; its unit is that of every value.
    pub metric: Metric,
    /// The expected partitions, oldest first.
    pub points: Vec<Point>,
    /// The time zone in which times are shown.
    pub zone: TimeZone,
}

/// Whether the value is outside its band.
pub(super) fn is_outside(point: &Point) -> bool {
    let below = |value| point.low.is_some_and(|low| value < low);
    let above = |value| point.high.is_some_and(|high| value > high);
    point.value.is_some_and(|value| below(value) || above(value))
}
