//! Turns a question into a judgement.

use std::collections::BTreeSet;

use super::current::freshness;
use super::past::Timeline;
use super::question::Question;
use super::{chosen, notes, status};
use crate::alarm::State;
use crate::partition::Partition;
use crate::record::PartitionRecord;
use crate::scope::Wanted;
use crate::standing::{Change, Look, Standing};
use crate::verdict::DatasetReport;

/// What was judged, and what history should keep of it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The report.
    pub report: DatasetReport,
    /// Every record that changed.
    pub records: Vec<PartitionRecord>,
    /// What is wrong with it now.
    pub standing: Standing,
    /// What became of each alarm; empty if certain partitions were asked for, which changes nothing.
    pub changes: Vec<Change>,
    /// Every partition with what was expected of it, for charts and explanations.
    pub timeline: Timeline,
}

/// Judges. Pure: the same question always has the same answer.
pub fn judge(question: &Question<'_>) -> Judgement {
    let Question { dataset, records, observation, now, .. } = *question;
    let mut timeline = Timeline::new(dataset, records, observation, now);
    let mut reported = chosen::reports(question, &timeline);
    for report in &reported {
        timeline.remember_alarm(report.partition, report.is_in_alarm(), now);
    }
    let judged: BTreeSet<Partition> = reported.iter().map(|report| report.partition).collect();
    let told = chosen::worth_telling(question, &timeline, &reported);
    let (standing, changes) = match question.wanted {
        Wanted::Newest => {
            let saw = |partition| status::was_seen(observation, partition);
            let is_whole = observation.gaps.is_empty();
            let look = Look { reports: &reported, told: &told, saw: &saw, is_whole };
            question.standing.advance(&look, now)
        }
        // What is requested by name does not change what is wrong today.
        Wanted::Named(_) | Wanted::Last(_) => (question.standing.clone(), Vec::new()),
    };
    reported.retain(|report| told.contains(&report.partition));
    for report in &mut reported {
        for alarm in report.alarms.iter_mut().filter(|alarm| alarm.state == State::Alarm) {
            alarm.since = standing.since(report.partition, alarm.metric);
        }
    }
    let chosen: Vec<Partition> = reported.iter().map(|report| report.partition).collect();
    let status = status::of(question, &timeline, &reported);
    let mut remarks = status::notes(question, &timeline, &chosen, status);
    remarks.extend(notes::notes(question, &timeline, &reported));
    let report = DatasetReport {
        dataset: dataset.name.clone(),
        status,
        gaps: observation.gaps.clone(),
        freshness: freshness(dataset, &timeline, now),
        list_requests: observation.list_requests,
        notes: remarks,
        about: dataset.about.clone(),
        partitions: reported,
    };
    let known = |record: &&PartitionRecord| records.get(&record.partition) == Some(*record);
    // What a narrow look saw besides is still news for the next one. At the first look, nothing is.
    let is_kept = |record: &&PartitionRecord| {
        *question.wanted == Wanted::Newest || records.is_empty() || judged.contains(&record.partition)
    };
    let slots = timeline.slots().map(|(_, slot)| &slot.record);
    let changed = slots.filter(|record| !known(record)).filter(is_kept).cloned();
    Judgement { report, records: changed.collect(), standing, changes, timeline }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::{Against, Limit, Margin, Rule};
    use crate::dataset::Dataset;
    use crate::observation::Observation;
    use crate::record::Records;

    use crate::layout::Layout;
    use crate::metric::Metric;
    use crate::observation::LookFold;

    /// Fifteen days of 1 MB, except the tenth, at the first look and with one rule: which ones are judged bad.
    fn bad_at_first_sight(rule: Rule) -> Vec<String> {
        let dataset =
            Dataset { rules: [rule].into(), ..Dataset::new("t", Layout::parse("t/{date}/").unwrap()) };
        let mut observation = Observation::default();
        for n in 1..=15 {
            let day = Partition::parse("2026-11-01").unwrap().offset(n - 1);
            let mut fold = LookFold::new(None);
            let (objects, bytes) = if n == 10 { (5, 1_000) } else { (2 + n % 3, 1_000_000) };
            for i in 0..objects {
                fold.push(&format!("part-{i}"), bytes / objects as u64, day.end_in(&dataset.zone));
            }
            observation.partitions.insert(day, fold.finish());
        }
        let question = Question {
            dataset: &dataset,
            records: &Records::new(),
            observation: &observation,
            standing: &Standing::default(),
            wanted: &Wanted::Newest,
            now: "2026-11-22T12:00:00Z".parse().unwrap(),
        };
        let judgement = judge(&question);
        // A second look, which starts with what the first one learned, expects the same of every day.
        let records: Records = judgement.records.iter().map(|r| (r.partition, r.clone())).collect();
        let again = judge(&Question { records: &records, ..question });
        let bands = |judgement: &Judgement| -> Vec<_> {
            judgement.timeline.slots().map(|(_, slot)| slot.bands.clone()).collect()
        };
        assert_eq!(bands(&judgement), bands(&again));
        judgement.records.iter().filter(|r| r.bad).map(|r| r.partition.to_string()).collect()
    }

    #[test]
    fn the_first_look_learns_from_good_days_only() {
        let near = Limit::Within { margin: Margin::Relative(0.5), against: Against::PreviousGood };
        let check = |rule, expect: &[&str]| assert_eq!(bad_at_first_sight(rule), expect);
        check(Rule::new(Metric::TotalFileSizeChange, near), &["2026-11-10"]);
        check(Rule::new(Metric::TotalFileSize, Limit::at_least(500_000.0)), &["2026-11-10"]);
        check(Rule::new(Metric::ObjectCount, Limit::at_least(1.0)), &[]);
    }
}
