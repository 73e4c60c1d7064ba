use std::collections::BTreeSet;

use jiff::Timestamp;

use super::*;
use crate::alarm::{Bounds, Severity, State};
use crate::lifecycle::PartitionState;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::remediation::{Evidence, RemedyRun, Target, VERSION, run_id};

const DAY: &str = "2026-11-21";

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(60 * minute).unwrap()
}

fn partition(day: &str) -> Partition {
    Partition::parse(day).unwrap()
}

fn run(day: &str, metric: Metric) -> RemedyRun {
    let partition = partition(day);
    let evidence = Evidence {
        version: VERSION,
        id: run_id("sales", partition, metric),
        dataset: "sales".to_owned(),
        partition,
        partition_state: PartitionState::Late,
        metric,
        state: State::Alarm,
        severity: Severity::Critical,
        observed: Some(1.0),
        expected: Bounds { low: None, high: Some(0.0) },
        reason: "late".to_owned(),
        judged_at: at(0),
        due_at: None,
        landed_at: None,
        metrics: [].into(),
        owner: None,
        runbook: None,
        link: None,
    };
    RemedyRun { target: Target::Function, evidence }
}

/// A verdict of a day that needs these runs. Its identity is a number that no other verdict has.
fn verdict(day: &str, identity: u64, runs: &[RemedyRun]) -> Verdict {
    Verdict { partition: partition(day), identity, data: None, runs: runs.to_vec() }
}

fn orders(minute: i64, verdicts: &[Verdict]) -> Orders {
    Orders { at: at(minute), verdicts: verdicts.to_vec(), again: false, landed: BTreeSet::new() }
}

/// Deliveries after verdicts on one day, one after the other, each with these runs.
fn needed(verdicts: &[&[RemedyRun]]) -> Deliveries {
    let mut all = Deliveries::default();
    for (n, runs) in verdicts.iter().enumerate() {
        all.record(&orders(0, &[verdict(DAY, n as u64, runs)]));
    }
    all
}

fn claim(all: &Deliveries, kind: Kind, minute: i64) -> (Deliveries, Taken) {
    all.after(&Step::Claim { kind, at: at(minute) })
}

fn settle(all: &Deliveries, of: &[Delivery], how: Settled, minute: i64) -> Deliveries {
    all.after(&Step::Settle { of: of.to_vec(), how, at: at(minute) }).0
}

/// The runs that a claim takes.
fn runs(all: &Deliveries, minute: i64) -> Vec<RemedyRun> {
    claim(all, Kind::Run, minute).1.claimed.iter().filter_map(Delivery::run).cloned().collect()
}

#[test]
fn a_remedy_runs_once_per_incident() {
    let late = run(DAY, Metric::Late);
    let one = std::slice::from_ref(&late);
    let (taken, took) = claim(&needed(&[one]), Kind::Run, 1);
    assert_eq!(took.claimed[0].run(), Some(&late));
    assert_eq!(runs(&taken, 2), [], "claimed");
    assert_eq!(runs(&taken, 6), one, "the claim expired");
    let mut done = settle(&taken, &took.claimed, Settled::Done, 2);
    assert_eq!(runs(&done, 9), []);
    // The partition recovers and fails again; the remedy has run already.
    done.record(&orders(10, &[verdict(DAY, 10, &[])]));
    done.record(&orders(11, &[verdict(DAY, 11, one)]));
    assert_eq!(runs(&done, 12), []);
    // Another metric and another partition are other incidents.
    let (size, next) = (run(DAY, Metric::TotalFileSize), run("2026-11-22", Metric::Late));
    let both =
        [verdict(DAY, 13, &[late, size.clone()]), verdict("2026-11-22", 14, std::slice::from_ref(&next))];
    done.record(&orders(13, &both));
    assert_eq!(runs(&done, 14), [size, next]);
    // A partition whose verdict is no longer remembered needs no runs.
    let later: Vec<Verdict> = (0..64)
        .map(|n| Verdict { partition: partition("2026-11-23").offset(n), ..verdict(DAY, 1, &[]) })
        .collect();
    done.record(&orders(14, &later));
    assert_eq!(done.entries(), []);
}

#[test]
fn a_partition_that_recovers_first_runs_nothing() {
    let late = run(DAY, Metric::Late);
    let late = std::slice::from_ref(&late);
    assert_eq!(needed(&[late, &[]]).entries(), []);
    assert_eq!(runs(&needed(&[late, &[], late]), 1), late);
    // The partition recovers while the run fails: it is not retried.
    let (mut taken, took) = claim(&needed(&[late]), Kind::Run, 1);
    taken.record(&orders(1, &[verdict(DAY, 9, &[])]));
    assert_eq!(settle(&taken, &took.claimed, Settled::Failed, 2).entries(), []);
    let (left, took) = claim(&taken, Kind::Run, 9);
    assert!(left.entries().is_empty() && took == Taken::default());
}

#[test]
fn a_landed_partition_is_not_awaited() {
    let [late, size, stale] =
        [Metric::Late, Metric::TotalFileSize, Metric::Stale].map(|metric| run(DAY, metric));
    let mut all = needed(&[&[late, size.clone(), stale.clone()]]);
    let landed = |day| Orders { landed: [partition(day)].into(), ..orders(1, &[]) };
    all.record(&landed("2026-11-20"));
    assert_eq!(runs(&all, 1).len(), 3);
    all.record(&landed(DAY));
    assert_eq!(runs(&all, 1), [size, stale], "the size is still wrong, and nothing newer came");
}

#[test]
fn failed_runs_are_retried_for_a_day() {
    let late = run(DAY, Metric::Late);
    let mut all = needed(&[std::slice::from_ref(&late)]);
    for minute in [1, 2, 60, 1_439] {
        let (taken, took) = claim(&all, Kind::Run, minute);
        assert_eq!((took.claimed.len(), took.given_up.len()), (1, 0), "{minute}");
        all = settle(&taken, &took.claimed, Settled::Failed, minute);
    }
    let (left, took) = claim(&all, Kind::Run, 1_440);
    assert_eq!((left.entries().len(), took.claimed.len(), took.given_up.len()), (0, 0, 1));
}

#[test]
fn who_comes_too_late_does_not_take_a_claim_away() {
    let late = run(DAY, Metric::Late);
    let (first, slow) = claim(&needed(&[std::slice::from_ref(&late)]), Kind::Run, 1);
    let (second, _) = claim(&first, Kind::Run, 7);
    assert_eq!(runs(&settle(&second, &slow.claimed, Settled::Failed, 8), 8), [], "another works on it");
    assert_eq!(runs(&settle(&second, &slow.claimed, Settled::Done, 8), 99), [], "it is done, whoever did it");
}

/// The identities of the posts that are there, in their order.
fn posts(all: &Deliveries) -> Vec<u64> {
    all.entries().iter().filter_map(Delivery::post).map(|post| post.verdict).collect()
}

#[test]
fn a_verdict_is_posted_once() {
    let post = |identity| Verdict { data: Some(Vec::new()), ..verdict(DAY, identity, &[]) };
    let mut all = Deliveries::default();
    all.record(&orders(1, &[post(7)]));
    all.record(&orders(2, &[post(7)]));
    assert_eq!(posts(&all), [7]);
    // The look itself sends it: another sender waits until it must have died.
    assert_eq!(claim(&all, Kind::Post, 5).1, Taken::default());
    let (taken, took) = claim(&all, Kind::Post, 6);
    assert!(took.claimed.len() == 1 && taken.still_holds(&took.claimed[0]));
    all = settle(&taken, &took.claimed, Settled::Done, 6);
    assert!(posts(&all).is_empty());
    all.record(&orders(7, &[post(8)]));
    assert!(!all.still_holds(&took.claimed[0]));
    // Another pass of the same look saw more; a look that began earlier and ended later saw less.
    all.record(&orders(7, &[post(9)]));
    all.record(&orders(6, &[post(10)]));
    assert_eq!(posts(&all), [9]);
    let (left, took) = claim(&all, Kind::Post, 7 + 14 * 24 * 60);
    assert_eq!((posts(&left), took.given_up.len()), (vec![], 1));
}

#[test]
fn what_is_shown_is_posted_again_with_the_newest_verdict() {
    let post = |day, identity| Verdict { data: Some(Vec::new()), ..verdict(day, identity, &[]) };
    let known = [post("2026-11-22", 2), post(DAY, 1)];
    let mut all = Deliveries::default();
    all.record(&orders(1, &known));
    all.record(&Orders { again: true, ..orders(2, &known) });
    assert_eq!(posts(&all), [2, 1, 2]);
    // A new verdict shows it already.
    all.record(&Orders { again: true, ..orders(3, &[post("2026-11-22", 2), post(DAY, 3)]) });
    assert_eq!(posts(&all), [2, 1, 2, 3]);
}
