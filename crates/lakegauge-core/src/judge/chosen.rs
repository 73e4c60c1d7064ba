//! Which partitions a look judges.

use std::collections::BTreeSet;

use super::alarms;
use super::past::Timeline;
use super::question::Question;
use crate::alarm::State;
use crate::measure::measure;
use crate::partition::{Cadence, Partition};
use crate::record::PartitionRecord;
use crate::scope::{Wanted, is_told_still, reach_back};
use crate::verdict::PartitionReport;

/// A report of every partition that this look judges, newest first.
pub(super) fn reports(question: &Question<'_>, timeline: &Timeline) -> Vec<PartitionReport> {
    let chosen = choose(question, timeline);
    chosen.into_iter().rev().filter_map(|p| report_on(question, timeline, p)).collect()
}

/// Which of them are reported. Without a request for certain partitions: the newest, and those in alarm. If a changed
/// level has since been accepted as the new one, by time or by a person, the alarms that it raised before are not told
/// any more.
pub(super) fn worth_telling(
    question: &Question<'_>,
    timeline: &Timeline,
    reports: &[PartitionReport],
) -> BTreeSet<Partition> {
    let asked = *question.wanted != Wanted::Newest;
    let is_told = |report: &PartitionReport| {
        let alarms = report.alarms.iter().filter(|alarm| alarm.state == State::Alarm);
        alarms.into_iter().any(|alarm| {
            let settled = || timeline.settled(alarm.metric).any(|partition| partition > report.partition);
            let begun = alarm.continuing.unwrap_or(report.partition);
            let ended = || timeline.is_accepted_since(alarm.metric, begun, report.partition);
            (alarm.continuing.is_none() || !settled()) && !ended()
        })
    };
    let worth = |(at, report): &(usize, &PartitionReport)| asked || *at == 0 || is_told(report);
    reports.iter().enumerate().filter(worth).map(|(_, report)| report.partition).collect()
}

fn choose(question: &Question<'_>, timeline: &Timeline) -> BTreeSet<Partition> {
    let mut judged = timeline.judged();
    match question.wanted {
        Wanted::Named(named) => named.iter().copied().collect(),
        Wanted::Last(n) => judged.take((*n).max(1) as usize).collect(),
        Wanted::Newest => {
            let silent = timeline.stale(question.dataset, question.now).map(|pause| pause.newest);
            let rejected = timeline.slots().filter(|(_, slot)| slot.record.is_rejected()).map(|(p, _)| *p);
            let mut chosen: BTreeSet<Partition> = silent.into_iter().chain(rejected).collect();
            let Some(newest) = judged.next() else { return chosen };
            let back = reach_back(question.dataset);
            // Days are counted among those that were expected: after a weekend, Friday is the previous day.
            let counted = |nth: i64| newest.cadence() != Cadence::Hourly && nth < back;
            let rest = (1..).zip(judged).filter(|(nth, p)| {
                let recent = newest.periods_since(*p) < back || counted(*nth);
                recent || is_told(question, timeline, *p) || is_news(question, timeline, *p)
            });
            chosen.extend(rest.map(|(_, p)| p));
            chosen.insert(newest);
            chosen
        }
    }
}

fn is_told(question: &Question<'_>, timeline: &Timeline, partition: Partition) -> bool {
    timeline.get(partition).is_some_and(|slot| is_told_still(&slot.record, question.dataset, question.now))
}

/// Whether a partition came, changed or became due since the last recorded look. False at the first look, where the
/// whole past would count.
fn is_news(question: &Question<'_>, timeline: &Timeline, partition: Partition) -> bool {
    let Some(slot) = timeline.get(partition).filter(|_| !question.records.is_empty()) else { return false };
    let content = |record: &PartitionRecord| record.look.as_ref().map(|look| look.content);
    let before = question.records.get(&partition);
    before.is_none_or(|before| before.state != slot.record.state || content(before) != content(&slot.record))
}

fn report_on(question: &Question<'_>, timeline: &Timeline, partition: Partition) -> Option<PartitionReport> {
    let slot = timeline.get(partition)?;
    let record = &slot.record;
    let subject = slot.subject(timeline.before(partition), &question.dataset.zone);
    Some(PartitionReport {
        partition,
        state: record.state,
        landed_at: record.landed_at,
        due_at: record.due_at,
        mark: record.mark.clone(),
        metrics: measure(&subject),
        alarms: alarms::evaluate_all(question, timeline, partition),
    })
}
