//! The status of a dataset, and the notes on its partitions.

use super::past::Timeline;
use super::question::Question;
use super::reason;
use crate::alarm::State;
use crate::lifecycle::PartitionState;
use crate::metric::Metric;
use crate::observation::Observation;
use crate::partition::Partition;
use crate::scope::Wanted;
use crate::verdict::{PartitionReport, Status};

/// In alarm if any partition that this look saw is. Healthy only if something could have been in alarm: unknown if
/// something needed was not seen, if nothing was judged, or if nothing is awaited.
pub(super) fn of(question: &Question<'_>, timeline: &Timeline, partitions: &[PartitionReport]) -> Status {
    let alarmed = |p: &PartitionReport| {
        let mut alarms = p.alarms.iter().filter(|a| a.state == State::Alarm);
        match was_seen(question.observation, p.partition) {
            true => alarms.next().is_some(),
            false => alarms.any(|a| a.metric.is_of_dataset()),
        }
    };
    if partitions.iter().any(alarmed) {
        return Status::Alarm;
    }
    let unknown = match question.wanted {
        Wanted::Named(named) => named.iter().any(|p| is_unknown(question, timeline, *p)),
        Wanted::Newest | Wanted::Last(_) => partitions.is_empty() || waits_for_nothing(question, timeline),
    };
    if unknown || !question.observation.gaps.is_empty() { Status::Unknown } else { Status::Ok }
}

/// Whether nothing could have been in alarm for a partition that was asked for: it is not known, it is from before the
/// first that ever came, its period has not begun, or it is not judged and nothing is waited for.
fn is_unknown(question: &Question<'_>, timeline: &Timeline, partition: Partition) -> bool {
    let Some(slot) = timeline.get(partition) else { return true };
    let waits = || {
        let pause = timeline.pause(question.dataset, question.now);
        let silent = pause.is_some_and(|pause| question.now > pause.stale_at);
        slot.owed.at.is_some() || timeline.is_awaited() || !silent && !waits_for_nothing(question, timeline)
    };
    let begun = partition <= timeline.next().0;
    let expected = slot.record.state == PartitionState::Expected;
    let before = expected && timeline.first_that_came().is_some_and(|first| partition < first);
    timeline.nothing_ever_came() || before || !begun || !(slot.is_judged() || waits())
}

/// Whether the end of this dataset would go unnoticed: no deadline ahead, no limit on freshness, and a history too
/// short to say which silence is long. False if the config switches all of these off, because that is a decision.
pub(super) fn waits_for_nothing(question: &Question<'_>, timeline: &Timeline) -> bool {
    let has = |metric: Metric| question.dataset.rules.iter().any(|rule| rule.metric == metric);
    let deadline = timeline.is_awaited() && (has(Metric::Missing) || has(Metric::Late));
    let silence = has(Metric::Stale) && timeline.pause(question.dataset, question.now).is_some();
    let asked = has(Metric::Missing) || has(Metric::Late) || has(Metric::Stale);
    asked && !deadline && !silence && !has(Metric::Freshness)
}

/// Notes on the judged partitions. If something was not seen, only that is noted.
pub(super) fn notes(
    question: &Question<'_>,
    timeline: &Timeline,
    chosen: &[Partition],
    status: Status,
) -> Vec<String> {
    if question.observation.gaps.is_empty() {
        let mut notes = reason::notes(question, timeline, chosen);
        if status == Status::Unknown && !chosen.is_empty() && waits_for_nothing(question, timeline) {
            let (_, owed) = timeline.next();
            notes.push(format!(
                "not known to be healthy: {}. Until there is more history, only a `due:` or a limit on Freshness \
                 tells when it stops",
                owed.reason()
            ));
        }
        return notes;
    }
    let known = chosen.iter().filter(|p| timeline.get(**p).is_some());
    let hidden: Vec<String> =
        known.filter(|p| !was_seen(question.observation, **p)).map(ToString::to_string).collect();
    let note = format!("not seen now: {} shows what was known before", hidden.join(", "));
    if hidden.is_empty() { Vec::new() } else { vec![note] }
}

/// Whether this look shows the state of a partition. If there was no gap, partitions that were not looked at have not
/// changed.
pub(super) fn was_seen(observation: &Observation, partition: Partition) -> bool {
    observation.gaps.is_empty()
        || observation.partitions.contains_key(&partition)
        || observation.absent.contains(&partition)
}
