//! Turns a judged partition into CloudWatch values.

use jiff::Timestamp;
use lakegauge_core::alarm::State;
use lakegauge_core::datum::Datum;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::metric::Metric;
use lakegauge_core::verdict::PartitionReport;

use super::published::{Published, Source, heartbeat};
use super::shown::Shown;

/// The values of `published` for one partition, judged at `at`. A metric without a value has no datum: a size
/// taken while the job is still writing is not sent. An alarm that is posted as 0 or 1 is 1 while it is
/// `shown` as raised.
pub fn data(published: &[Published], report: &PartitionReport, shown: &Shown, at: Timestamp) -> Vec<Datum> {
    let datum = |metric: &Published| {
        let own = value(metric.source, report).filter(|value| value.is_finite());
        let (value, at) = match metric.source.signal() {
            Some(signal) if shown.is_wrong(signal) => (1.0, at),
            Some(signal) if own == Some(0.0) => (0.0, shown.clear(signal, at)),
            _ => (own?, at),
        };
        Some(metric.datum(value, at))
    };
    published.iter().filter_map(datum).collect()
}

/// The heartbeat of a deployment at `at`.
pub fn alive(deployment: &str, at: Timestamp) -> Datum {
    heartbeat(deployment).datum(1.0, at)
}

impl Published {
    fn datum(&self, value: f64, at: Timestamp) -> Datum {
        let dimensions = self.dimensions.iter().map(|d| (d.name.to_owned(), d.value.clone())).collect();
        Datum { name: self.name.to_owned(), unit: self.unit, dimensions, value, at }
    }
}

fn value(source: Source, report: &PartitionReport) -> Option<f64> {
    let alarm = |metric: Metric| report.alarms.iter().find(|alarm| alarm.metric == metric);
    // Not the value: what a person accepted was still written again, and is no alarm.
    if let Some(signal) = source.signal() {
        let alarm = alarm(signal)?;
        return match alarm.state {
            State::Ok => Some(0.0),
            State::Alarm if alarm.is_raised() => Some(1.0),
            State::Alarm | State::InsufficientData => None,
        };
    }
    match source {
        Source::Judged(metric) => alarm(metric)?.observed,
        Source::Measured(metric) => {
            let known = report.state == PartitionState::Landed || !metric.is_of_content();
            report.metrics.get(&metric).copied().filter(|_| known)
        }
        Source::OutsideBand(_) | Source::Alive => None,
    }
}
