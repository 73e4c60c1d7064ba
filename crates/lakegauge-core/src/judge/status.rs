//! How a dataset stands, and what is worth knowing beside its partitions.

use super::judgement::Question;
use super::reason;
use super::timeline::Timeline;
use crate::alarm::State;
use crate::metric::Metric;
use crate::observation::Observation;
use crate::partition::Partition;
use crate::scope::Wanted;
use crate::verdict::{PartitionReport, Status};

/// In alarm when one is that this look tells of. Healthy only where something could have been in alarm: unknown when
/// something needed was not seen, when nothing was judged, and when nothing can be waited for.
pub(super) fn of(question: &Question<'_>, timeline: &Timeline, partitions: &[PartitionReport]) -> Status {
    let alarmed = |p: &PartitionReport| {
        let mut alarms = p.alarms.iter().filter(|a| a.state == State::Alarm);
        match was_seen(question.observation, p.partition) {
            true => alarms.next().is_some(),
            false => alarms.any(|a| a.metric.tells_of_the_look()),
        }
    };
    if partitions.iter().any(alarmed) {
        return Status::Alarm;
    }
    let unknown = match question.wanted {
        Wanted::Named(named) => named.iter().any(|p| timeline.get(*p).is_none()),
        Wanted::Newest | Wanted::Last(_) => partitions.is_empty() || waits_for_nothing(question, timeline),
    };
    if unknown || !question.observation.gaps.is_empty() { Status::Unknown } else { Status::Ok }
}

/// Whether the death of this dataset would go unnoticed: no deadline in sight, no limit on freshness, and a history too
/// short to tell what silence is long. Who switched all of these off in the config has said so.
pub(super) fn waits_for_nothing(question: &Question<'_>, timeline: &Timeline) -> bool {
    let has = |metric: Metric| question.dataset.rules.iter().any(|rule| rule.metric == metric);
    let deadline = timeline.is_awaited() && (has(Metric::Missing) || has(Metric::Late));
    let silence = has(Metric::Stale) && timeline.pause(question.dataset, question.now).is_some();
    let asked = has(Metric::Missing) || has(Metric::Late) || has(Metric::Stale);
    asked && !deadline && !silence && !has(Metric::Freshness)
}

/// What is worth knowing beside the judged partitions; what was not seen has nothing to say for itself.
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
                owed.reason
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

/// Whether this look tells how a partition is; where nothing was hidden, what was not looked at is as it was.
fn was_seen(observation: &Observation, partition: Partition) -> bool {
    observation.gaps.is_empty()
        || observation.partitions.contains_key(&partition)
        || observation.absent.contains(&partition)
}
