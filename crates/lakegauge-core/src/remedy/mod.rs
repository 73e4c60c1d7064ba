//! Remedies: a function or pipeline of the user's that runs on an alarm, with the evidence.
//!
//! [`Remedy`] is the config's setting; [`remedy_runs`] lists the runs that one judged partition needs, each with its
//! [`Evidence`].

mod evidence;
mod run;
#[cfg(test)]
mod tests;

pub use evidence::{Evidence, VERSION, run_id};
pub use run::{Airflow, Api, Remedy, RemedyRun, Target, remedy_runs};
