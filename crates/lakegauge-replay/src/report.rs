//! Compares one or two configs with each other and with what the user remembers. This is the published form of
//! `backtest --format json`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lakegauge_core::alarm::Severity;
use lakegauge_core::metric::Metric;
use lakegauge_core::observation::Gap;
use lakegauge_core::partition::Partition;
use serde::Serialize;

use super::incident::{Incident, Outcome};
use super::ledger::{AlarmRun, Firing, Judged};
use super::replay::{Run, Window};

/// The version of the JSON form. It changes when a field changes its meaning, not when a field is added.
const VERSION: u32 = 1;
/// The mean length of a month, in days.
const MONTH: f64 = 365.2425 / 12.0;

/// The replay of every dataset of one config.
#[derive(Clone, Debug)]
pub struct Side {
    /// How the user names the config.
    pub config: String,
    /// In the order of the config.
    pub runs: Vec<Run>,
}

/// One or two configs replayed over the same past.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Backtest {
    /// The version of this form.
    pub version: u32,
    /// Alarms from this instant on are reported.
    pub from: Timestamp,
    /// The instant at which the replay ends.
    pub until: Timestamp,
    /// The outcome of each config. The one in use comes first.
    pub configs: Vec<Total>,
    /// In the order of the configs.
    pub datasets: Vec<DatasetResult>,
    /// What the user remembers.
    pub incidents: Vec<IncidentResult>,
    /// What the replay cannot know.
    pub unknowable: Vec<String>,
}

/// The outcome of one config.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Total {
    /// How the user names it.
    pub config: String,
    /// How many partitions were judged.
    pub judged: usize,
    /// How many alarms fired.
    pub fired: usize,
    /// On how many partitions.
    pub partitions: usize,
    /// Average number of partitions in alarm per dataset per month.
    pub per_dataset_month: f64,
    /// How many notices were given.
    pub notices: usize,
    /// On how many partitions it fires and the other config does not; `None` if there is no other config.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alone: Option<usize>,
    /// How many of the replayed incidents were caught.
    pub caught: usize,
    /// How many of the replayed incidents were missed.
    pub missed: usize,
}

/// One dataset under every config.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DatasetResult {
    /// The dataset's name.
    pub dataset: String,
    /// One for each config; `None` where the config does not have it.
    pub configs: Vec<Option<RunResult>>,
}

/// One dataset under one config.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunResult {
    /// How many partitions were judged.
    pub judged: usize,
    /// How many landed partitions were known, including those that were only learned from.
    pub known: usize,
    /// How many of them were copied.
    pub copied: usize,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// One for each alarm.
    pub alarms: Vec<AlarmResult>,
}

/// The outcome of one alarm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlarmResult {
    /// On which metric.
    pub metric: Metric,
    /// How much it matters.
    pub severity: Severity,
    /// How often it fired.
    pub fired: usize,
    /// How often it fired per month.
    pub per_month: f64,
    /// Seconds from an alarm to its end: the median of those that have ended.
    pub typical_seconds: Option<f64>,
    /// How many have not ended.
    pub open: usize,
    /// How many notices it gave.
    pub notices: usize,
    /// What fired, oldest first.
    pub firings: Vec<Firing>,
    /// Every value that was judged, for charts.
    #[serde(skip)]
    pub judged: Vec<Judged>,
}

/// An incident, and what each config would have reported about it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IncidentResult {
    /// The incident.
    #[serde(flatten)]
    pub incident: Incident,
    /// One for each config.
    pub outcomes: Vec<Outcome>,
}

impl Backtest {
    /// Compares the sides with each other, with `remembered`, and with the marks of the first side.
    pub fn new(window: Window, sides: Vec<Side>, remembered: Vec<Incident>) -> Backtest {
        let months = window.until.duration_since(window.from).as_secs_f64() / 86_400.0 / MONTH;
        let incidents = outcomes(&sides, remembered);
        let configs = totals(&sides, &incidents, months);
        let unknowable = unknowable(&sides);
        let names = names(&sides);
        let mut runs: Vec<BTreeMap<String, Run>> = sides
            .into_iter()
            .map(|side| side.runs.into_iter().map(|run| (run.dataset.clone(), run)).collect())
            .collect();
        let datasets = names.into_iter().map(|dataset| {
            let of_it: Vec<Option<Run>> = runs.iter_mut().map(|runs| runs.remove(&dataset)).collect();
            let firing: Vec<BTreeSet<Partition>> =
                of_it.iter().map(|run| run.as_ref().map(partitions).unwrap_or_default()).collect();
            let result = |(n, run): (usize, Option<Run>)| {
                // With two configs, the other one.
                let other = (firing.len() == 2).then(|| firing.get(1 - n)).flatten();
                Some(RunResult::new(run?, other, months))
            };
            let configs = of_it.into_iter().enumerate().map(result).collect();
            DatasetResult { dataset, configs }
        });
        let datasets = datasets.collect();
        let Window { from, until } = window;
        Backtest { version: VERSION, from, until, configs, datasets, incidents, unknowable }
    }
}

impl RunResult {
    fn new(run: Run, other: Option<&BTreeSet<Partition>>, months: f64) -> RunResult {
        let alarms = run.alarms.into_iter().map(|alarm| AlarmResult::new(alarm, other, months)).collect();
        let Run { replayed, known, copied, gaps, .. } = run;
        RunResult { judged: replayed.len(), known, copied, gaps, alarms }
    }
}

impl AlarmResult {
    fn new(run: AlarmRun, other: Option<&BTreeSet<Partition>>, months: f64) -> AlarmResult {
        let AlarmRun { metric, severity, mut firings, judged, notices } = run;
        for firing in &mut firings {
            firing.shared = other.map(|other| other.contains(&firing.partition));
        }
        let mut seconds: Vec<f64> = firings.iter().filter_map(Firing::seconds).collect();
        seconds.sort_by(f64::total_cmp);
        AlarmResult {
            metric,
            severity,
            fired: firings.len(),
            per_month: per_month(firings.len(), months),
            typical_seconds: seconds.get(seconds.len() / 2).copied(),
            open: firings.iter().filter(|firing| firing.until.is_none()).count(),
            notices: notices.len(),
            firings,
            judged,
        }
    }
}

fn per_month(count: usize, months: f64) -> f64 {
    if months > 0.0 { count as f64 / months } else { 0.0 }
}

/// The datasets of all sides, each once, in the order of the configs.
fn names(sides: &[Side]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let all = sides.iter().flat_map(|side| side.runs.iter().map(|run| run.dataset.clone()));
    all.filter(|name| seen.insert(name.clone())).collect()
}

/// The partitions on which any alarm fires.
fn partitions(run: &Run) -> BTreeSet<Partition> {
    run.alarms.iter().flat_map(|alarm| &alarm.firings).map(|firing| firing.partition).collect()
}

fn outcomes(sides: &[Side], remembered: Vec<Incident>) -> Vec<IncidentResult> {
    let marked = sides.iter().take(1).flat_map(|side| &side.runs).flat_map(|run| {
        run.bad.iter().map(|(partition, mark)| Incident::of_mark(&run.dataset, *partition, mark))
    });
    let marked: Vec<Incident> = marked
        .filter(|mark| !remembered.iter().any(|i| i.dataset == mark.dataset && i.covers(mark.from)))
        .collect();
    let result = |incident: Incident| {
        let of = |side: &Side| incident.outcome(side.runs.iter().find(|run| run.dataset == incident.dataset));
        let outcomes = sides.iter().map(of).collect();
        IncidentResult { incident, outcomes }
    };
    remembered.into_iter().chain(marked).map(result).collect()
}

fn totals(sides: &[Side], incidents: &[IncidentResult], months: f64) -> Vec<Total> {
    let firing: Vec<BTreeSet<(&str, Partition)>> = sides
        .iter()
        .map(|side| {
            let all =
                side.runs.iter().map(|run| partitions(run).into_iter().map(|p| (run.dataset.as_str(), p)));
            all.flatten().collect()
        })
        .collect();
    let total = |(n, side): (usize, &Side)| {
        let own = firing.get(n).cloned().unwrap_or_default();
        let other = (firing.len() == 2).then(|| firing.get(1 - n)).flatten();
        let alarms = || side.runs.iter().flat_map(|run| &run.alarms);
        let counts = |wanted: fn(&Outcome) -> bool| {
            incidents.iter().filter_map(|i| i.outcomes.get(n)).filter(|o| wanted(o)).count()
        };
        Total {
            config: side.config.clone(),
            judged: side.runs.iter().map(|run| run.replayed.len()).sum(),
            fired: alarms().map(|alarm| alarm.firings.len()).sum(),
            partitions: own.len(),
            per_dataset_month: per_month(own.len(), months * side.runs.len() as f64),
            notices: alarms().map(|alarm| alarm.notices.len()).sum(),
            alone: other.map(|other| own.difference(other).count()),
            caught: counts(|o| matches!(o, Outcome::Caught { .. })),
            missed: counts(|o| matches!(o, Outcome::Missed | Outcome::Noticed { .. })),
        }
    };
    sides.iter().enumerate().map(total).collect()
}

/// What a replay cannot know, as sentences. Sentences that concern none of these datasets are left out.
fn unknowable(sides: &[Side]) -> Vec<String> {
    let runs = || sides.iter().take(1).flat_map(|side| &side.runs);
    let mut said = vec![
        "The lake shows what is in it today: what was overwritten or deleted before lakegauge first looked is gone, and a partition \
         that was written again counts as landed when it was last written."
            .to_owned(),
    ];
    let copied: usize = runs().map(|run| run.copied).sum();
    if copied > 0 {
        said.push(format!(
            "{copied} partitions were copied together: when they first landed is not known. They count as punctual, and their sizes \
             are judged at their period's end."
        ));
    }
    let changed: usize = runs().map(|run| run.changed).sum();
    if changed > 0 {
        said.push(format!(
            "{changed} partitions changed after they had landed: the last change that a check saw is replayed, earlier ones are not."
        ));
    }
    let silent: BTreeSet<Metric> =
        sides.iter().flat_map(|side| &side.runs).flat_map(|run| run.silent.iter().copied()).collect();
    if !silent.is_empty() {
        let names: Vec<&str> = silent.iter().map(|metric| metric.name()).collect();
        said.push(format!("{}: about lakegauge itself, not replayed.", names.join(", ")));
    }
    let gaps = sides.iter().flat_map(|side| &side.runs).filter(|run| !run.gaps.is_empty());
    for run in gaps {
        said.push(format!(
            "{}: part of it could not be seen, so partitions without a trace are not reported.",
            run.dataset
        ));
    }
    said
}
