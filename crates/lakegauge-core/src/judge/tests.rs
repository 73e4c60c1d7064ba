//! What a person says about a partition, and what follows.

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use crate::alarm::{Against, Limit, Margin, Rule, State};
use crate::baseline::Band;
use crate::dataset::Dataset;
use crate::judge::{Judgement, Question, Timeline, judge};
use crate::layout::Layout;
use crate::mark::{Mark, Says};
use crate::metric::Metric;
use crate::observation::{LookFold, Observation};
use crate::partition::Partition;
use crate::record::Records;
use crate::scope::Wanted;
use crate::standing::Standing;

const NOW: &str = "2026-12-22T12:00:00Z";

fn dataset(rule: Rule) -> Dataset {
    Dataset { rules: [rule].into(), ..Dataset::new("t", Layout::parse("t/{date}/").unwrap()) }
}

fn day(n: usize) -> Partition {
    Partition::parse("2026-11-01").unwrap().offset(n as i64)
}

fn look(rule: Rule, records: &Records, sizes: &[u64], from: usize) -> Judgement {
    look_at(rule, records, sizes, |n| n >= from)
}

/// A look at the days that are `here`.
fn look_at(rule: Rule, records: &Records, sizes: &[u64], here: impl Fn(usize) -> bool) -> Judgement {
    let dataset = dataset(rule);
    let mut observation = Observation::default();
    for (n, bytes) in sizes.iter().enumerate().filter(|(n, _)| here(*n)) {
        let mut fold = LookFold::new(None);
        fold.push("part-0", *bytes, day(n).end_in(&dataset.zone));
        observation.partitions.insert(day(n), fold.finish());
    }
    let now = NOW.parse().unwrap();
    let wanted = Wanted::Last(sizes.len() as u32);
    judge(&Question {
        dataset: &dataset,
        records,
        observation: &observation,
        standing: &Standing::default(),
        wanted: &wanted,
        now,
    })
}

fn mark(records: &mut Records, n: usize, says: Says) {
    let record = records.get_mut(&day(n)).unwrap();
    let content = Mark::of_content(record.look.as_ref());
    let at: Timestamp = NOW.parse().unwrap();
    record.mark = Some(Mark { says, at, by: None, reason: None, content });
}

/// On which days `rule` is in alarm if `said` is the verdict on one of `sizes`, and the next days look like `then`.
fn check(rule: &Rule, sizes: &[u64], said: Option<(usize, Says)>, then: &[u64], expect: &[usize]) {
    let first = look(rule.clone(), &Records::new(), sizes, 0);
    let mut records: Records = first.records.into_iter().map(|r| (r.partition, r)).collect();
    if let Some((n, says)) = said {
        mark(&mut records, n, says);
    }
    let all: Vec<u64> = sizes.iter().chain(then).copied().collect();
    let second = look(rule.clone(), &records, &all, sizes.len() - 1);
    let alarmed = second.report.partitions.iter().filter(|p| p.alarms[0].state == State::Alarm);
    let mut days: Vec<usize> = alarmed.map(|p| p.partition.periods_since(day(0)) as usize).collect();
    days.sort_unstable();
    assert_eq!(days, expect, "{said:?} of {sizes:?}, then {then:?}");
}

fn near() -> Rule {
    let limit = Limit::Within { margin: Margin::Relative(0.5), against: Against::PreviousGood };
    Rule::new(Metric::TotalFileSize, limit)
}

#[test]
fn what_is_accepted_is_the_new_normal() {
    let learned = Rule::new(Metric::TotalFileSize, Limit::Learned);
    let fixed = Rule::new(Metric::TotalFileSize, Limit::at_least(900.0));
    let accepted = Some((20, Says::Accepted));
    let mut doubled = vec![1_000; 20];
    doubled.push(2_000);
    // Compared with the previous good partition, a lasting shift is in alarm for ever.
    check(&near(), &doubled, None, &[2_000; 4], &[20, 21, 22, 23, 24]);
    check(&near(), &doubled, accepted, &[2_000; 4], &[]);
    // The learned level follows after three days, but stays in alarm until it has lasted, unless a person accepts it.
    check(&learned, &doubled, None, &[2_000; 4], &[20, 21, 22, 23, 24]);
    check(&learned, &doubled, accepted, &[2_000; 4], &[]);
    check(&learned, &doubled, accepted, &[2_000, 4_000], &[22]);
    // A limit of the config still applies: the next partition is judged by it.
    let small = [vec![1_000; 20], vec![500]].concat();
    check(&fixed, &small, accepted, &[500], &[21]);
    // Some days into the shift, any of them may be accepted.
    doubled.extend([2_100, 2_000]);
    check(&near(), &doubled, Some((20, Says::Accepted)), &[2_000; 2], &[]);
    check(&near(), &doubled, Some((22, Says::Accepted)), &[2_000; 2], &[20, 21]);
}

#[test]
fn nothing_learns_from_what_is_bad() {
    let learned = Rule::new(Metric::TotalFileSize, Limit::Learned);
    // The third in a row would become the new level.
    let low = [vec![1_000; 20], vec![400, 400]].concat();
    check(&learned, &low, None, &[400, 400], &[20, 21, 22, 23]);
    check(&learned, &low, Some((21, Says::Bad)), &[400, 400], &[20, 21, 22, 23]);
    // Slightly less than the previous partition is fine, unless that one is known to be bad.
    let less = [vec![1_000; 20], vec![900]].concat();
    check(&near(), &less, None, &[470], &[]);
    check(&near(), &less, Some((20, Says::Bad)), &[470], &[21]);
}

#[test]
fn what_was_accepted_is_judged_again_once_it_changes() {
    let mut sizes = vec![1_000; 20];
    sizes.push(2_000);
    let first = look(near(), &Records::new(), &sizes, 0);
    let mut records: Records = first.records.into_iter().map(|r| (r.partition, r)).collect();
    mark(&mut records, 20, Says::Accepted);
    let state = |sizes: &[u64]| look(near(), &records, sizes, 20).report.partitions[0].alarms[0].clone();
    let accepted = state(&sizes);
    assert_eq!(accepted.state, State::Ok);
    insta::assert_snapshot!(accepted.reason, @"up 100 % on Friday 20 Nov (1 kB → 2 kB); within 50 % expected; accepted as normal");
    sizes[20] = 3_000;
    assert_eq!(state(&sizes).state, State::Alarm);
}

/// What is expected of each hour of `days` by a look at `now`, when everything up to then has landed.
fn expected(days: &[Partition], now: &str) -> Vec<BTreeMap<Metric, Band>> {
    let dataset = Dataset::new("t", Layout::parse("t/{date}/{hour}/").unwrap());
    let now: Timestamp = now.parse().unwrap();
    let mut observation = Observation::default();
    let hours = (0..).map(|n| Partition::parse("2026-09-07T00").unwrap().offset(n));
    for (n, hour) in hours.take_while(|hour| hour.end_in(&dataset.zone) < now).enumerate() {
        let mut fold = LookFold::new(None);
        fold.push("part-0", 1_000 + (n as u64 * 7_919) % 211, hour.end_in(&dataset.zone));
        observation.partitions.insert(hour, fold.finish());
    }
    let timeline = Timeline::new(&dataset, &Records::new(), &observation, now);
    let of_days = |hour: &Partition| days.iter().any(|day| day.date() == hour.date());
    timeline.slots().filter(|(hour, _)| of_days(hour)).map(|(_, slot)| slot.bands.clone()).collect()
}

#[test]
fn an_hour_keeps_its_band_when_a_new_week_begins() {
    let friday_to_sunday =
        ["2026-11-06", "2026-11-07", "2026-11-08"].map(|day| Partition::parse(day).unwrap());
    let on_sunday = expected(&friday_to_sunday, "2026-11-09T00:10:00Z");
    assert_eq!(on_sunday.len(), 3 * 24);
    assert!(on_sunday.iter().all(|bands| bands.contains_key(&Metric::TotalFileSize)));
    for later in ["2026-11-09T12:10:00Z", "2026-11-11T09:10:00Z", "2026-11-15T23:10:00Z"] {
        assert_eq!(expected(&friday_to_sunday, later), on_sunday, "{later}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Some days come long after newer ones: what is expected of each is the same as if all had come in order.
    #[test]
    fn the_order_in_which_backfills_arrive_does_not_matter(
        days in proptest::collection::vec((500u64..1_500, 0u8..3), 10..40),
    ) {
        let rule = Rule::new(Metric::TotalFileSize, Limit::Learned);
        let sizes: Vec<u64> = days.iter().map(|(bytes, _)| *bytes).collect();
        let mut records = Records::new();
        for wave in 0..3 {
            let here = |n: usize| days.get(n).is_some_and(|(_, w)| *w == wave);
            let looked = look_at(rule.clone(), &records, &sizes, here);
            records.extend(looked.records.into_iter().map(|r| (r.partition, r)));
        }
        let late = look_at(rule.clone(), &records, &sizes, |_| false);
        let at_once = look_at(rule, &Records::new(), &sizes, |_| true);
        let told = |judgement: &Judgement| -> Vec<_> {
            judgement.timeline.slots().map(|(p, slot)| (*p, slot.bands.clone(), slot.verdict.clone())).collect()
        };
        prop_assert_eq!(told(&late), told(&at_once));
    }
}
