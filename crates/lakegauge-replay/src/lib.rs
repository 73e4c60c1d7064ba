//! The backtest: replays every alarm over a dataset's past, partition by partition, with what was known at the time.
//!
//! A `trace` holds what is known about one partition's past, and what a look at any instant would have seen of it.
//! `agenda` sorts the events by time. `replay` runs through them once, with the same [`judge`](lakegauge_core::judge) that a
//! check runs. `ledger` records what fired and when it cleared. [`Incident`]s are what the user remembers, and
//! [`Backtest`] compares one or two configs with each other and with the incidents.

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
