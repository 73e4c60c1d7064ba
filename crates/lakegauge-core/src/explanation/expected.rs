//! What is expected of a partition's values, and why.

use std::collections::BTreeMap;

use super::parts::{Expected, Why};
use crate::alarm::{Bounds, Limit, Rule, level_metric};
use crate::baseline::Series;
use crate::dataset::Dataset;
use crate::judge::Timeline;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::verdict::DatasetReport;

/// From this number of forecasts on, the history no longer counts as short.
const GROWN: usize = 28;
/// Number of landed partitions before which no band is learned.
const LEAST: usize = 5;

/// The learned bands that an alarm uses, each with the values of the partitions that its best forecaster uses.
pub(super) fn learned(
    dataset: &Dataset,
    timeline: &Timeline,
    partition: Partition,
    series: &Series,
) -> Vec<Expected> {
    let Some(slot) = timeline.get(partition) else { return Vec::new() };
    let counts = |metric: Metric| learned_rules(dataset).any(|rule| level_metric(rule.metric) == metric);
    let bands = slot.bands.iter().filter(|(metric, _)| counts(**metric));
    let expected = bands.map(|(metric, band)| {
        let points = timeline.points(dataset, *metric);
        let landed: BTreeMap<Partition, f64> =
            points.filter_map(|point| Some((point.partition, point.value?))).collect();
        let derivation = series.derive(partition, *metric);
        let named = derivation.iter().flat_map(|derivation| derivation.named.iter().rev());
        let days = named.filter_map(|day| Some((*day, *landed.get(day)?))).collect();
        let young = derivation.as_ref().and_then(|derivation| {
            let best = derivation.forecasts.iter().find(|forecast| forecast.method == derivation.best)?;
            let forecasts = best.errors.len();
            Some((forecasts, derivation.parameters.youth / forecasts as f64))
        });
        Expected {
            metric: *metric,
            bounds: Bounds { low: band.low, high: band.high },
            why: Why::Learned(band.source.to_string()),
            days,
            young: young.filter(|(forecasts, _)| *forecasts < GROWN),
            derivation,
            landed,
        }
    });
    expected.collect()
}

/// The alarms that are to be learned and are not yet.
pub(super) fn not_yet(dataset: &Dataset, timeline: &Timeline, partition: Partition) -> Vec<Expected> {
    let Some(slot) = timeline.get(partition) else { return Vec::new() };
    let known = timeline.until(partition).skip(1).filter(|slot| slot.verdict.is_some()).count();
    let waiting = learned_rules(dataset).filter(|rule| {
        rule.metric.is_learned() && known < LEAST && !slot.bands.contains_key(&level_metric(rule.metric))
    });
    let why = Why::NotYet { known, needed: LEAST };
    waiting.map(|rule| without_past(rule.metric, Bounds::default(), why.clone())).collect()
}

/// The limits on content that are set in the config.
pub(super) fn set(dataset: &Dataset, report: &DatasetReport, partition: Partition) -> Vec<Expected> {
    let report = report.partitions.iter().find(|report| report.partition == partition);
    let own = dataset.rules.iter().filter(|rule| rule.limit != Limit::Learned && rule.metric.is_of_content());
    let limit = |rule: &Rule| {
        let alarm = report.and_then(|report| report.alarms.iter().find(|alarm| alarm.metric == rule.metric));
        let bounds = match (alarm, &rule.limit) {
            (_, Limit::Fixed(bounds)) => *bounds,
            (Some(alarm), _) => alarm.expected,
            (None, _) => Bounds::default(),
        };
        without_past(rule.metric, bounds, Why::Set(rule.clone()))
    };
    own.map(limit).collect()
}

fn learned_rules(dataset: &Dataset) -> impl Iterator<Item = &Rule> {
    dataset.rules.iter().filter(|rule| rule.limit == Limit::Learned)
}

fn without_past(metric: Metric, bounds: Bounds, why: Why) -> Expected {
    Expected { metric, bounds, why, days: Vec::new(), young: None, derivation: None, landed: BTreeMap::new() }
}
