//! Reports as they are published: sizes in whole bytes, times in whole seconds, as the contract requires.

use jiff::Timestamp;
use lakegauge_core::alarm::Bounds;
use lakegauge_core::metric::{Metric, Unit};
use lakegauge_core::verdict::{AlarmReport, DatasetReport, PartitionReport, Report};

/// The report with the precision of its units.
pub(super) fn report(report: &Report) -> Report {
    let datasets = report.datasets.iter().map(dataset).collect();
    Report { now: second(report.now), datasets, ..report.clone() }
}

/// One dataset's report with the precision of its units.
pub(super) fn dataset(report: &DatasetReport) -> DatasetReport {
    DatasetReport {
        partitions: report.partitions.iter().map(partition).collect(),
        freshness: report.freshness.map(f64::round),
        ..report.clone()
    }
}

fn partition(report: &PartitionReport) -> PartitionReport {
    let mut mark = report.mark.clone();
    if let Some(mark) = &mut mark {
        mark.at = second(mark.at);
    }
    PartitionReport {
        landed_at: report.landed_at.map(second),
        due_at: report.due_at.map(second),
        metrics: report.metrics.iter().map(|(metric, value)| (*metric, value_of(*metric, *value))).collect(),
        alarms: report.alarms.iter().map(alarm).collect(),
        mark,
        ..report.clone()
    }
}

fn alarm(report: &AlarmReport) -> AlarmReport {
    let metric = report.metric;
    AlarmReport {
        observed: report.observed.map(|value| value_of(metric, value)),
        expected: bounds(metric, report.expected),
        since: report.since.map(second),
        ..report.clone()
    }
}

/// The time rounded down to the second.
fn second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_nanosecond().div_euclid(1_000_000_000) as i64).unwrap_or(at)
}

fn is_whole(metric: Metric) -> bool {
    metric.unit() != Unit::None
}

fn value_of(metric: Metric, value: f64) -> f64 {
    if is_whole(metric) { value.round() } else { value }
}

/// The same bounds in whole numbers: the smallest and the largest whole value within them, if there are any.
fn bounds(metric: Metric, of: Bounds) -> Bounds {
    if !is_whole(metric) {
        return of;
    }
    let (low, high) = (of.low.map(f64::ceil), of.high.map(f64::floor));
    match (low, high) {
        (Some(low), Some(high)) if low > high => {
            Bounds { low: of.low.map(f64::round), high: of.high.map(f64::round) }
        }
        _ => Bounds { low, high },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_units_have_whole_bounds_that_mean_the_same() {
        let check = |metric, low: Option<f64>, high: Option<f64>, expect: (Option<f64>, Option<f64>)| {
            let Bounds { low, high } = bounds(metric, Bounds { low, high });
            assert_eq!((low, high), expect);
        };
        let size = Metric::TotalFileSize;
        check(size, Some(135_032.285), Some(240_000.9), (Some(135_033.0), Some(240_000.0)));
        check(size, Some(195_000.0), None, (Some(195_000.0), None));
        check(Metric::ObjectCount, Some(2.2), Some(2.8), (Some(2.0), Some(3.0)));
    }

    #[test]
    fn instants_are_told_by_the_second() {
        let check = |at: &str, expect: &str| assert_eq!(second(at.parse().unwrap()).to_string(), expect);
        check("2026-11-22T04:12:09.999999999Z", "2026-11-22T04:12:09Z");
        check("2026-11-22T04:12:09Z", "2026-11-22T04:12:09Z");
        check("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59Z");
    }
}
