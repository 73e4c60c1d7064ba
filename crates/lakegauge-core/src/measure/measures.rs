//! Every measure, by its metric.

use std::collections::BTreeMap;

use super::subject::Subject;
use super::{arrival, beside, change, volume};
use crate::metric::Metric;

type Measure = fn(&Subject<'_>) -> Option<f64>;

/// Every measure of a partition, by its metric.
const MEASURES: &[(Metric, Measure)] = &[
    (Metric::TotalFileSize, volume::total_file_size),
    (Metric::TotalFileSizeChange, volume::total_file_size_change),
    (Metric::ObjectCount, volume::object_count),
    (Metric::EmptyObjects, volume::empty_objects),
    (Metric::LandingDelay, arrival::landing_delay),
    (Metric::Late, arrival::late),
    (Metric::Missing, arrival::missing),
    (Metric::Rejected, change::rejected),
    (Metric::Rewritten, change::rewritten),
    (Metric::Shrunk, change::shrunk),
    (Metric::MissingParts, beside::missing_parts),
    (Metric::Identical, beside::identical),
];

/// The value of one metric of a partition; `None` where it has none.
pub fn value(metric: Metric, subject: &Subject<'_>) -> Option<f64> {
    MEASURES.iter().find(|(m, _)| *m == metric).and_then(|(_, measure)| measure(subject))
}

/// Whether a metric is measured per partition. The others describe the current state of a dataset, or are not
/// measured yet.
pub fn is_of_partitions(metric: Metric) -> bool {
    MEASURES.iter().any(|(m, _)| *m == metric)
}

/// Every value that a partition has.
pub fn measure(subject: &Subject<'_>) -> BTreeMap<Metric, f64> {
    MEASURES.iter().filter_map(|(metric, measure)| Some((*metric, measure(subject)?))).collect()
}
