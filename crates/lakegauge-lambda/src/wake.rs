//! When the next look is due, by what the last one saw: pure.

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::Judgement;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::metric::Metric;

/// However quiet it is, a dataset is looked at so often: objects are deleted without anybody saying so.
const AT_LEAST: SignedDuration = SignedDuration::from_hours(24);
/// What is outstanding is looked for so often, should the events that tell of it be lost.
const OUTSTANDING: SignedDuration = SignedDuration::from_hours(1);
/// For how many periods it is; after that, the pipeline itself gives it up.
const KEEP_LOOKING: i64 = 7;

/// The first instant after `now` at which something may have changed by time alone: a deadline, the end of a period, or
/// writing that has gone quiet.
pub(crate) fn wake(dataset: &Dataset, judgement: &Judgement, now: Timestamp) -> Timestamp {
    let timeline = &judgement.timeline;
    // What was not seen is looked for at the next tick; freshness changes with every minute.
    let ages = dataset.rules.iter().any(|rule| rule.metric == Metric::Freshness);
    if ages || !judgement.report.gaps.is_empty() {
        return now;
    }
    let (current, owed) = timeline.next();
    let mut times: Vec<Timestamp> = vec![now + AT_LEAST, current.end_in(&dataset.zone)];
    times.extend(owed.at);
    // Nothing has landed, so nothing is owed: the first landing is outstanding, whatever becomes of its events.
    if !timeline.begun().any(|(_, slot)| slot.record.landed_at.is_some()) {
        times.push(now + OUTSTANDING);
    }
    for (_, slot) in timeline.begun() {
        let record = &slot.record;
        if record.state == PartitionState::Landed || record.state == PartitionState::Deleted {
            continue;
        }
        times.extend(slot.owed.at);
        let overdue = matches!(record.state, PartitionState::Late | PartitionState::Missing);
        if overdue && record.partition.offset(KEEP_LOOKING).end_in(&dataset.zone) > now {
            times.push(now + OUTSTANDING);
        }
        let look = record.look.as_ref();
        times.extend(look.and_then(|look| timeline.completion().ripens_at(look, &slot.window)));
    }
    // Overdue begins after the deadline itself.
    let later = times.into_iter().filter(|at| *at >= now).min().unwrap_or(now + AT_LEAST);
    later.checked_add(SignedDuration::from_millis(1)).unwrap_or(later)
}
