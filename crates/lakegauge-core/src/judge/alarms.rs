//! Evaluates the dataset's rules on one partition.

use super::past::{Slot, Timeline};
use super::question::Question;
use super::{beside, current, loss, reason};
use crate::alarm::{Bounds, Datapoint, Limit, Rule, State, compare, evaluate, level_metric};
use crate::baseline::{Lesson, Level};
use crate::dataset::Dataset;
use crate::lifecycle::PartitionState;
use crate::measure::{Subject, value};
use crate::metric::{Kind, Metric};
use crate::partition::Partition;
use crate::record::PartitionRecord;
use crate::verdict::AlarmReport;

/// How many good values of the past a relative limit may use.
const PAST: usize = 70;
/// How far beyond N an M-of-N alarm looks for datapoints that replace missing ones.
const RANGE_BEYOND_N: usize = 2;
/// Evaluates every rule on `partition`. Before it can be judged, only the rules that do not depend on its content:
/// that a person rejected it, and that nothing newer has come for too long.
pub fn evaluate_all(question: &Question<'_>, timeline: &Timeline, partition: Partition) -> Vec<AlarmReport> {
    let Some(slot) = timeline.get(partition) else { return Vec::new() };
    let now = |rule: &&Rule| slot.is_judged() || is_always_judged(rule.metric);
    let rules = question.dataset.rules.iter().filter(now);
    rules.map(|rule| evaluate_one(question, timeline, slot, rule)).collect()
}

/// Whether a metric does not depend on what a partition has so far.
fn is_always_judged(metric: Metric) -> bool {
    metric.kind() == Kind::Mark || metric == Metric::Stale
}

/// Whether the config's own limits on volume are broken: nothing may be learned from such a partition. What history
/// itself finds wrong is remembered by the baseline, which may change its verdict when a shift lasts.
pub(super) fn limits_broken(dataset: &Dataset, timeline: &Timeline, record: &PartitionRecord) -> bool {
    let own = dataset.rules.iter().filter(|r| r.metric.is_of_content() && r.limit != Limit::Learned);
    let subject =
        Subject { record, previous: timeline.before(record.partition), zone: &dataset.zone, beside: None };
    let broken = |rule: &Rule| {
        let level = level_metric(rule.metric);
        let value = value(level, &subject)?;
        let past = || good_past(dataset, timeline, record.partition, level);
        let point = compare(&rule.limit, rule.metric, record.partition, value, past);
        Some(point.bounds.breached_by(point.value))
    };
    record.state == PartitionState::Landed && own.filter_map(broken).any(|broken| broken)
}

fn evaluate_one(question: &Question<'_>, timeline: &Timeline, slot: &Slot, rule: &Rule) -> AlarmReport {
    let partition = slot.record.partition;
    let n = rule.evaluation_periods.max(1) as usize;
    let range = if n == 1 { 1 } else { n + RANGE_BEYOND_N };
    let mut window: Vec<Option<Datapoint>> = timeline
        .expected_until(partition)
        .take(range)
        .map(|slot| {
            let point = datapoint(question, timeline, slot, rule)?;
            // With several datapoints, an accepted one counts as within.
            Some(if n > 1 && slot.record.is_accepted() { point.accepted() } else { point })
        })
        .collect();
    window.reverse();
    let previous = question.standing.state(rule.metric);
    let evaluation = evaluate(rule, &window, previous);
    let mut report = AlarmReport {
        metric: rule.metric,
        state: evaluation.state,
        severity: rule.severity,
        observed: evaluation.observed,
        expected: evaluation.expected,
        reason: evaluation.reason,
        notice: false,
        continuing: None,
        since: None,
    };
    if rule.limit == Limit::Learned && n == 1 {
        take_over_verdict(&mut report, slot);
    }
    if let Some(sentence) = reason::of_state(question, timeline, slot, rule.metric) {
        report.reason = sentence;
    }
    if report.state == State::Alarm && rule.limit == Limit::Learned {
        let raised_by = || beside::continuing(timeline, slot, rule.metric);
        report.continuing = report.continuing.or_else(raised_by);
    }
    if report.state == State::Alarm && slot.record.is_accepted() {
        report.state = State::Ok;
        report.continuing = None;
        report.reason.push_str("; accepted as normal");
    }
    report
}

/// History's verdict considers more than a band: emptiness, repetition, a holiday, an alarm that continues. It
/// decides a learned alarm.
fn take_over_verdict(report: &mut AlarmReport, slot: &Slot) {
    let Some(main) = slot.verdict.as_ref() else { return };
    let Some(verdict) = main.on(report.metric) else { return };
    if verdict.level == Level::Ok && main.metric != report.metric {
        return;
    }
    (report.notice, report.continuing) = (verdict.level == Level::Notice, verdict.continuing);
    report.state = if verdict.level == Level::Alarm { State::Alarm } else { State::Ok };
    if verdict.level != Level::Ok {
        report.observed = Some(verdict.observed);
    }
    report.reason = verdict.reason();
}

fn datapoint(question: &Question<'_>, timeline: &Timeline, slot: &Slot, rule: &Rule) -> Option<Datapoint> {
    let partition = slot.record.partition;
    let level = level_metric(rule.metric);
    let value = match level {
        _ if level.is_of_dataset() => current::value(level, question, timeline, slot)?,
        Metric::Rewritten if loss::rewriting_is_usual(timeline, partition) => {
            measured(timeline, slot, level, question.dataset).map(|_| 0.0)?
        }
        Metric::Shrunk if loss::is_fine(timeline, slot) => 0.0,
        _ if slot.is_compacted && rule.limit == Limit::Learned => {
            slot.as_judged(level, subject(timeline, slot, question.dataset))?
        }
        _ => measured(timeline, slot, level, question.dataset)?,
    };
    match rule.limit {
        Limit::Learned => {
            let why = || timeline.why_no_band(slot, level);
            Some(match slot.bands.get(&level) {
                Some(band) => {
                    let bounds = Bounds { low: band.low, high: band.high };
                    Datapoint::learned(partition, value, bounds, band.source.to_string())
                }
                None => Datapoint::without_bounds(partition, value, why()),
            })
        }
        _ => {
            let past = || good_past(question.dataset, timeline, partition, level);
            Some(compare(&rule.limit, rule.metric, partition, value, past))
        }
    }
}

/// The good values before `partition`, oldest first.
fn good_past(
    dataset: &Dataset,
    timeline: &Timeline,
    partition: Partition,
    metric: Metric,
) -> Vec<(Partition, f64)> {
    let good = |slot: &&Slot| {
        slot.record.lesson() != Lesson::None
            && slot.verdict.as_ref().is_none_or(|verdict| verdict.level != Level::Alarm)
    };
    let mut past: Vec<(Partition, f64)> = timeline
        .until(partition)
        .filter(|slot| slot.record.partition < partition)
        .filter(good)
        .filter_map(|slot| Some((slot.record.partition, measured(timeline, slot, metric, dataset)?)))
        .take(PAST)
        .collect();
    past.reverse();
    past
}

/// The value of a metric. A volume exists only once the partition has landed, never as a sum taken while the job is
/// still writing.
fn measured(timeline: &Timeline, slot: &Slot, metric: Metric, dataset: &Dataset) -> Option<f64> {
    if metric.is_of_content() {
        return volume(timeline, slot, metric, dataset);
    }
    value(metric, &subject(timeline, slot, dataset))
}

fn volume(timeline: &Timeline, slot: &Slot, metric: Metric, dataset: &Dataset) -> Option<f64> {
    let complete = slot.record.state == PartitionState::Landed;
    complete.then(|| value(metric, &subject(timeline, slot, dataset))).flatten()
}

fn subject<'a>(timeline: &'a Timeline, slot: &'a Slot, dataset: &'a Dataset) -> Subject<'a> {
    let previous = timeline.before(slot.record.partition);
    slot.subject(previous, &dataset.zone)
}
