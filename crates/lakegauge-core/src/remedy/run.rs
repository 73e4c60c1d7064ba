//! What is run, and for what.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::evidence::{Evidence, of_alarm};
use crate::alarm::State;
use crate::dataset::Dataset;
use crate::metric::Metric;
use crate::verdict::PartitionReport;

/// What is run when a dataset is in alarm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy {
    /// The ARN of a Lambda function of the user's.
    pub function: Option<String>,
    /// A DAG of Airflow's.
    pub airflow: Option<Airflow>,
    /// For alarms on these metrics alone; empty: on every one.
    pub metrics: Vec<Metric>,
}

/// A DAG, and how its Airflow is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Airflow {
    /// The address of its web server, without a closing `/`.
    pub url: String,
    /// The DAG's id.
    pub dag: String,
    /// The ARN of a secret or of a parameter that holds the credentials.
    pub secret: String,
    /// Which of its REST APIs.
    pub api: Api,
}

/// The REST APIs of Airflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Api {
    /// `/api/v1`, of Airflow 2.
    V1,
    /// `/api/v2`, of Airflow 3.
    #[default]
    V2,
}

impl Api {
    /// As it stands in an address.
    pub fn name(self) -> &'static str {
        match self {
            Api::V1 => "v1",
            Api::V2 => "v2",
        }
    }
}

/// Which of the two is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The Lambda function.
    Function,
    /// The DAG.
    Airflow,
}

/// One run that is owed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Of what.
    pub target: Target,
    /// Because of what.
    pub evidence: Evidence,
}

impl Run {
    /// Whether this is the run of the same incident by the same target.
    pub fn is_of(&self, other: &Run) -> bool {
        let incident = |run: &Run| (run.target, run.evidence.partition, run.evidence.metric);
        incident(self) == incident(other)
    }
}

/// The runs that one judged partition asks for: one for each alarm in `ALARM` and each target.
pub fn owed(dataset: &Dataset, report: &PartitionReport, at: Timestamp) -> Vec<Run> {
    let Some(remedy) = &dataset.remedy else { return Vec::new() };
    let targets = [
        remedy.function.is_some().then_some(Target::Function),
        remedy.airflow.is_some().then_some(Target::Airflow),
    ];
    let is_asked = |metric: Metric| remedy.metrics.is_empty() || remedy.metrics.contains(&metric);
    let alarms = report.alarms.iter().filter(|alarm| alarm.state == State::Alarm && is_asked(alarm.metric));
    let runs = alarms.flat_map(|alarm| {
        let evidence = of_alarm(dataset, report, alarm, at);
        targets.into_iter().flatten().map(move |target| Run { target, evidence: evidence.clone() })
    });
    runs.collect()
}
