//! Measures of a dataset at the time of the check, by their metrics.

use jiff::Timestamp;

use super::past::{Slot, Timeline};
use super::pause::Pause;
use super::question::Question;
use crate::dataset::Dataset;
use crate::lifecycle::PartitionState;
use crate::metric::Metric;

type Measure = fn(&Question<'_>, &Timeline, &Slot) -> Option<f64>;

const MEASURES: &[(Metric, Measure)] = &[
    (Metric::Stale, |question, timeline, slot| flag(silence(question, timeline, slot).is_some())),
    (Metric::Freshness, |question, timeline, _| freshness(question.dataset, timeline, question.now)),
    (Metric::CheckSuccess, |question, _, _| flag(question.observation.gaps.is_empty())),
    (Metric::CheckDuration, |question, _, _| Some(question.observation.took?.as_secs_f64())),
    (Metric::ListRequests, |question, _, _| Some(question.observation.list_requests as f64)),
];

/// The value of a metric of the dataset, as an alarm on the partition of `slot` sees it.
pub(super) fn value(
    metric: Metric,
    question: &Question<'_>,
    timeline: &Timeline,
    slot: &Slot,
) -> Option<f64> {
    let (_, measure) = MEASURES.iter().find(|(measured, _)| *measured == metric)?;
    measure(question, timeline, slot)
}

fn flag(yes: bool) -> Option<f64> {
    Some(f64::from(u8::from(yes)))
}

/// The silence after `slot`, if it is the newest partition with any data and nothing else reports the silence. A look
/// with gaps does not know what came.
pub(super) fn silence(question: &Question<'_>, timeline: &Timeline, slot: &Slot) -> Option<Pause> {
    // A look judges up to three days of hours: the whole past is sorted only for the newest of them.
    let asked =
        question.observation.gaps.is_empty() && timeline.newest_arrival() == Some(slot.record.partition);
    asked.then(|| timeline.stale(question.dataset, question.now)).flatten()
}

/// Seconds from the end of the newest landed partition's period to now. A backfill of an old partition does not
/// change it: the newest partition counts, not the one written last.
pub(super) fn freshness(dataset: &Dataset, timeline: &Timeline, now: Timestamp) -> Option<f64> {
    let newest = timeline.begun().rev().find(|(_, slot)| slot.record.state == PartitionState::Landed)?.0;
    Some(now.duration_since(newest.end_in(&dataset.zone)).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::is_of_partitions;

    #[test]
    fn every_metric_is_measured_once_or_says_why_not() {
        for metric in Metric::ALL {
            let (here, there) = (MEASURES.iter().any(|(m, _)| m == metric), is_of_partitions(*metric));
            assert_eq!(here, metric.is_of_dataset(), "{metric}");
            assert_eq!(there, !here && metric.is_measured(), "{metric}");
        }
    }
}
