//! When the next look is due, after the last one: pure.

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::Judgement;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::metric::Metric;

/// The longest time without a look: objects may be deleted without any event.
const AT_LEAST: SignedDuration = SignedDuration::from_hours(24);
/// How often an outstanding partition is looked for, in case its events are lost.
const OUTSTANDING: SignedDuration = SignedDuration::from_hours(1);
/// For how many periods it is looked for; after that, the pipeline itself gives it up.
const KEEP_LOOKING: i64 = 7;

/// The first time after `now` at which something may change without an event: a deadline, the end of a period, or a
/// quiet period after writing.
pub(crate) fn wake(dataset: &Dataset, judgement: &Judgement, now: Timestamp) -> Timestamp {
    let timeline = &judgement.timeline;
    // What was not seen is looked for at the next tick; freshness changes every minute.
    let ages = dataset.rules.iter().any(|rule| rule.metric == Metric::Freshness);
    if ages || !judgement.report.gaps.is_empty() {
        return now;
    }
    let (current, owed) = timeline.next();
    let mut times: Vec<Timestamp> = vec![now + AT_LEAST, current.end_in(&dataset.zone)];
    times.extend(owed.at);
    // Nothing has landed, so no deadline is known: the first landing is outstanding, even if its events are lost.
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
    // A partition is overdue after its deadline, not at it.
    let later = times.into_iter().filter(|at| *at >= now).min().unwrap_or(now + AT_LEAST);
    later.checked_add(SignedDuration::from_millis(1)).unwrap_or(later)
}
