//! From a judged partition to values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::published::{Published, Source, heartbeat};
use crate::alarm::State;
use crate::lifecycle::PartitionState;
use crate::metric::{Metric, Unit};
use crate::verdict::PartitionReport;

/// One value of one metric, as `PutMetricData` takes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Datum {
    /// `MetricName`.
    pub name: String,
    /// `Unit`.
    pub unit: Unit,
    /// `Dimensions`: names and values.
    pub dimensions: Vec<(String, String)>,
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
        let dimensions = metric.dimensions.iter().map(|d| (d.name.to_owned(), d.value.clone())).collect();
        Some(Datum { name: metric.name.to_owned(), unit: metric.unit, dimensions, value, at })
    };
    published.iter().filter_map(datum).collect()
}

/// A sign of life at `at`.
pub fn alive(at: Timestamp) -> Datum {
    let Published { name, unit, .. } = heartbeat();
    Datum { name: name.to_owned(), unit, dimensions: Vec::new(), value: 1.0, at }
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
