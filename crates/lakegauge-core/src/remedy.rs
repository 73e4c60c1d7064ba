//! Remedies: a function or pipeline of the user's that runs on an alarm, as the config states it.

use crate::metric::Metric;

/// What runs when a dataset is in alarm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy {
    /// The ARN of the user's Lambda function.
    pub function: Option<String>,
    /// An Airflow DAG.
    pub airflow: Option<Airflow>,
    /// Restricts it to alarms on these metrics; empty: all metrics.
    pub metrics: Vec<Metric>,
}

/// A DAG, and how to reach its Airflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Airflow {
    /// The address of its web server, without a closing `/`.
    pub url: String,
    /// The DAG's id.
    pub dag: String,
    /// The ARN of a secret or parameter that contains the credentials.
    pub secret: String,
    /// The version of Airflow's REST API.
    pub api: Api,
}

/// The versions of Airflow's REST API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Api {
    /// `/api/v1`, of Airflow 2.
    V1,
    /// `/api/v2`, of Airflow 3.
    #[default]
    V2,
}

impl Api {
    /// The path segment in URLs.
    pub fn name(self) -> &'static str {
        match self {
            Api::V1 => "v1",
            Api::V2 => "v2",
        }
    }
}
