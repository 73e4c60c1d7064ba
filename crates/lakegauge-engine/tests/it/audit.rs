//! What must hold after every run, checked against the world itself.

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::alarm::State;
use lakegauge_core::dataset::LandedWhen;
use lakegauge_core::delivery::Delivery;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;
use lakegauge_core::scope::{Wanted, current};
use lakegauge_core::verdict::{DatasetReport, PartitionReport, Status};
use lakegauge_engine::Scope;

use crate::history::SimHistory;
use crate::world::World;

const VOLUME: [Metric; 3] = [Metric::TotalFileSize, Metric::ObjectCount, Metric::EmptyObjects];

/// What one run said, and under which circumstances.
pub(crate) struct Audited<'a> {
    pub(crate) world: &'a World,
    pub(crate) report: &'a DatasetReport,
    pub(crate) scope: &'a Scope,
    pub(crate) wanted: &'a Wanted,
    pub(crate) now: Timestamp,
}

/// The first rule that is broken.
pub(crate) fn audit(run: &Audited<'_>) -> Result<(), String> {
    volume_waits_for_landing(run)?;
    a_gap_is_not_health(run)?;
    freshness_is_not_flattered(run)?;
    absence_is_alarming(run)?;
    scope_ends_today(run)
}

fn volume_waits_for_landing(run: &Audited<'_>) -> Result<(), String> {
    for said in &run.report.partitions {
        let landed = run.world.has_ever_landed(said.partition, run.now);
        if said.state == PartitionState::Landed && !landed {
            return Err(format!("{} is said to have landed", said.partition));
        }
        let complete = said.state == PartitionState::Landed;
        let alarm = said.alarms.iter().find(|a| VOLUME.contains(&a.metric) && a.state == State::Alarm);
        if let Some(alarm) = alarm.filter(|_| !complete) {
            return Err(format!("{} is {:?} and has {alarm:?}", said.partition, said.state));
        }
    }
    Ok(())
}

fn a_gap_is_not_health(run: &Audited<'_>) -> Result<(), String> {
    match run.report.status == Status::Ok && !run.report.gaps.is_empty() {
        true => Err("ok in spite of a gap".to_owned()),
        false => Ok(()),
    }
}

fn freshness_is_not_flattered(run: &Audited<'_>) -> Result<(), String> {
    let World { dataset, .. } = run.world;
    let current = current(dataset, run.now);
    let landed = |p: &&Partition| run.world.has_ever_landed(**p, run.now);
    let newest = run.world.first_writes.range(..=current).rev().map(|(p, _)| p).find(landed);
    let least = newest.map(|p| run.now.duration_since(p.end_in(&dataset.zone)).as_secs_f64());
    match (run.report.freshness, least) {
        (Some(said), Some(least)) if said >= least => Ok(()),
        (None, _) => Ok(()),
        wrong => Err(format!("freshness {wrong:?}: said and least, newest landed {newest:?}")),
    }
}

/// Of the newest partition that is due, when nothing is there and nothing kept us from seeing that.
fn absence_is_alarming(run: &Audited<'_>) -> Result<(), String> {
    if !run.report.gaps.is_empty() || *run.wanted != Wanted::Newest {
        return Ok(());
    }
    let Some(newest) = run.world.newest_due(run.now) else { return Ok(()) };
    if run.world.objects.contains_key(&newest) {
        return Ok(());
    }
    let said = run.report.partitions.iter().find(|p| p.partition == newest);
    match said.is_some_and(|p| p.alarms.iter().any(|a| a.state == State::Alarm)) {
        true => Ok(()),
        false => Err(format!("{newest} is due and not there, and what is said is {said:?}")),
    }
}

fn scope_ends_today(run: &Audited<'_>) -> Result<(), String> {
    let (Scope::Partitions(asked), Wanted::Newest | Wanted::Last(_)) = (run.scope, run.wanted) else {
        return Ok(());
    };
    let current = current(&run.world.dataset, run.now);
    match asked.iter().find(|p| **p > current) {
        Some(future) => Err(format!("{future} is asked for, beyond {current}")),
        None => Ok(()),
    }
}

/// What was not looked at is not deleted.
pub(crate) fn nothing_is_lost(world: &World, history: &SimHistory) -> Result<(), String> {
    let (records, _) = history.kept();
    let untouched = |p: &Partition| world.objects.contains_key(p) && !world.changed.contains(p);
    match records.values().find(|r| r.state == PartitionState::Deleted && untouched(&r.partition)) {
        Some(record) => Err(format!("{} lies there, and is remembered as deleted", record.partition)),
        None => Ok(()),
    }
}

/// An alarm that is reported is raised, and one that is reported as OK is not. A look with gaps repeats what was known.
pub(crate) fn what_is_recorded_is_what_is_reported(
    run: &Audited<'_>,
    history: &SimHistory,
) -> Result<(), String> {
    if *run.wanted != Wanted::Newest || !run.report.gaps.is_empty() {
        return Ok(());
    }
    let standing = history.standing();
    let mut alarms = run.report.partitions.iter().flat_map(|p| p.alarms.iter().map(|a| (p.partition, a)));
    let differs = alarms.find(|(partition, alarm)| {
        let raised = standing.since(*partition, alarm.metric);
        match alarm.state {
            State::Alarm => raised.is_none() || raised != alarm.since,
            State::Ok => raised.is_some() && !alarm.metric.is_of_dataset(),
            State::InsufficientData => false,
        }
    });
    differs.map_or(Ok(()), |(partition, alarm)| {
        Err(format!("{partition} is {} by {}, which is not what is recorded", alarm.state, alarm.metric))
    })
}

/// Every verdict that is reported is known to who hands out, and a value that this look sends shows an alarm if
/// and only if one is raised on any partition.
pub(crate) fn what_is_sent_is_what_is_reported(
    run: &Audited<'_>,
    history: &SimHistory,
) -> Result<(), String> {
    if *run.wanted != Wanted::Newest {
        return Ok(());
    }
    let (deliveries, standing) = (history.deliveries(), history.standing().metrics());
    let known = |report: &PartitionReport| deliveries.verdict(report.partition) == Some(report.identity());
    if let Some(report) = run.report.partitions.iter().find(|report| !known(report)) {
        return Err(format!("the verdict on {} is not handed out", report.partition));
    }
    let new = deliveries.entries().iter().filter(|delivery| delivery.since == run.now);
    for datum in new.filter_map(Delivery::post).flat_map(|post| &post.data) {
        let band = datum.dimensions.iter().find(|(name, _)| name == "Metric");
        let name = band.map_or(&datum.name, |(_, metric)| metric);
        let metric: Metric = name.parse().map_err(|_| format!("{name} is no metric"))?;
        let is_shown = band.is_some() || metric.is_flag();
        if is_shown && (datum.value == 1.0) != standing.contains(&metric) {
            return Err(format!("{metric} is sent as {}, and {standing:?} is raised", datum.value));
        }
    }
    Ok(())
}

impl World {
    /// Whether the partition was complete at some time up to `now`, by what was done and not by what was seen.
    pub(crate) fn has_ever_landed(&self, partition: Partition, now: Timestamp) -> bool {
        match &self.dataset.landed_when {
            LandedWhen::Marker(_) => self.marked.contains(&partition),
            _ => self
                .first_writes
                .get(&partition)
                .is_some_and(|at| now.duration_since(*at) >= SignedDuration::from_mins(10)),
        }
    }

    /// The newest partition of the story whose deadline has passed.
    pub(crate) fn newest_due(&self, now: Timestamp) -> Option<Partition> {
        let World { dataset, start, .. } = self;
        let due = dataset.due?;
        let mut partition = current(dataset, now);
        while partition.start_in(&dataset.zone) >= *start {
            let expected = dataset.calendar.expected(partition, &dataset.zone).expected;
            if expected && now > due.deadline(partition, &dataset.zone) {
                return Some(partition);
            }
            partition = partition.previous();
        }
        None
    }
}
