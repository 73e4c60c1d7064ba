//! Runs remedies: invokes the user's Lambda function, runs an Airflow DAG.
//!
//! Both recognise an incident by the evidence's id, so that a repeat is harmless: Airflow rejects a second run with
//! the same name, and a function finds the id in its event.

mod airflow;
mod answer;
mod aws;
mod remedies;

pub use remedies::{Remedies, RemedySettings};
