//! Which remedies run, and why.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::evidence::{Evidence, of_alarm};
use crate::dataset::Dataset;
use crate::metric::Metric;
use crate::verdict::PartitionReport;

/// Which part of a remedy runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The Lambda function.
    Function,
    /// The DAG.
    Airflow,
}

/// One pending run of a remedy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemedyRun {
    /// The function or DAG to run.
    pub target: Target,
    /// The alarm that caused it.
    pub evidence: Evidence,
}

impl RemedyRun {
    /// Whether both are for the same incident and target.
    pub fn same_incident(&self, other: &RemedyRun) -> bool {
        let incident = |run: &RemedyRun| (run.target, run.evidence.partition, run.evidence.metric);
        incident(self) == incident(other)
    }
}

/// The runs that one judged partition needs: one for each alarm that is raised and each target.
pub fn remedy_runs(dataset: &Dataset, report: &PartitionReport, at: Timestamp) -> Vec<RemedyRun> {
    let Some(remedy) = &dataset.remedy else { return Vec::new() };
    let targets = [
        remedy.function.is_some().then_some(Target::Function),
        remedy.airflow.is_some().then_some(Target::Airflow),
    ];
    let is_asked = |metric: Metric| remedy.metrics.is_empty() || remedy.metrics.contains(&metric);
    let alarms = report.alarms.iter().filter(|alarm| alarm.is_raised() && is_asked(alarm.metric));
    let runs = alarms.flat_map(|alarm| {
        let evidence = of_alarm(dataset, report, alarm, at);
        targets.into_iter().flatten().map(move |target| RemedyRun { target, evidence: evidence.clone() })
    });
    runs.collect()
}
