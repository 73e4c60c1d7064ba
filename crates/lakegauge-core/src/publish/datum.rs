//! From a judged partition to values.

use jiff::Timestamp;

use super::published::{Dimension, Published, Source};
use crate::alarm::State;
use crate::lifecycle::PartitionState;
use crate::metric::{Metric, Unit};
use crate::verdict::PartitionReport;

/// One value of one metric, as `PutMetricData` takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    /// `MetricName`.
    pub name: &'static str,
    /// `Unit`.
    pub unit: Unit,
    /// `Dimensions`.
    pub dimensions: Vec<Dimension>,
    /// `Value`, in [`Datum::unit`]; always a number.
    pub value: f64,
    /// `Timestamp`: when the partition was judged.
    pub at: Timestamp,
}

/// The values of `published` for one partition, judged at `at`. What has no value has no datum: CloudWatch is told of no
/// sum that was taken while the job still wrote.
pub fn data(published: &[Published], report: &PartitionReport, at: Timestamp) -> Vec<Datum> {
    let datum = |metric: &Published| {
        let value = value(metric.source, report).filter(|value| value.is_finite())?;
        let Published { name, unit, dimensions, .. } = metric.clone();
        Some(Datum { name, unit, dimensions, value, at })
    };
    published.iter().filter_map(datum).collect()
}

fn value(source: Source, report: &PartitionReport) -> Option<f64> {
    let alarm = |metric: Metric| report.alarms.iter().find(|alarm| alarm.metric == metric);
    match source {
        Source::Judged(metric) => alarm(metric)?.observed,
        Source::Measured(metric) => {
            let known = report.state == PartitionState::Landed || !is_volume(metric);
            report.metrics.get(&metric).copied().filter(|_| known)
        }
        Source::OutsideBand(metric) => match alarm(metric)?.state {
            State::Ok => Some(0.0),
            State::Alarm => Some(1.0),
            State::InsufficientData => None,
        },
        Source::Alive => Some(1.0),
    }
}

fn is_volume(metric: Metric) -> bool {
    matches!(
        metric,
        Metric::TotalFileSize | Metric::TotalFileSizeChange | Metric::ObjectCount | Metric::EmptyObjects
    )
}
