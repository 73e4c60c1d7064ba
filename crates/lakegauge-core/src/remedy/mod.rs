//! What is done about an alarm besides telling people: somebody's function or pipeline is run, with the evidence.
//!
//! [`Remedy`] is what a config asks for; [`owed`] says which runs one judged partition asks for, each with its [`Evidence`].

mod evidence;
mod run;
#[cfg(test)]
mod tests;

pub use evidence::{Evidence, VERSION, run_id};
pub use run::{Airflow, Api, Remedy, Run, Target, owed};
