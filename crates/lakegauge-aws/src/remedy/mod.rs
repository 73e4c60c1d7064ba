//! Runs of remedies: a Lambda function of the user's is invoked, a DAG of Airflow's is run.
//!
//! Both know an incident by the evidence's id, so that a repeat is harmless: Airflow refuses a second run of one name, and a
//! function finds the id in its event.

mod airflow;
mod aws;
mod remedies;

pub use remedies::{Remedies, RemedySettings, Unrun};
