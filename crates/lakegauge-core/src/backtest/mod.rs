//! The backtest: every alarm replayed over a dataset's past, partition by partition, as it would have been judged at its
//! own time.
//!
//! A `trace` is what is known of one partition's past and what a look at any instant would have seen of it; `agenda` puts
//! what happened in the order of time; `replay` lives through it once, with the same [`judge`](crate::judge) that a check
//! runs; `ledger` keeps what fired and when it was over. [`Incident`]s are what the user remembers, and [`Backtest`] sets
//! one or two configs beside each other and beside them.

mod agenda;
mod incident;
mod ledger;
mod replay;
mod report;
#[cfg(test)]
mod tests;
mod trace;

pub use incident::{Incident, IncidentError, Outcome, Remembered, read};
pub use ledger::{AlarmRun, Firing, Judged};
pub use replay::{Run, Window, replay};
pub use report::{AlarmResult, Backtest, DatasetResult, IncidentResult, RunResult, Side, Total};
