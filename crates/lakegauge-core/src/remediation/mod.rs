//! The runs of remedies: which ones a verdict needs, each with its evidence.
//!
//! [`remedy_runs`] lists the runs that one judged partition needs, each with its [`Evidence`].

mod evidence;
mod run;
#[cfg(test)]
mod tests;

pub use evidence::{Evidence, VERSION, run_id};
pub use run::{RemedyRun, Target, remedy_runs};
