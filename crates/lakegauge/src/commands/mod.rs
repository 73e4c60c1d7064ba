//! The commands. Each takes the context and its arguments and returns an answer.

mod backtest;
mod check;
mod cost;
mod digest;
mod dispatch;
mod explain;
mod history;
mod init;
mod judge;
mod later;
mod mark;
mod naming;
mod origins;
mod plan;
mod terraform;
mod texts;
mod validate;
mod wait;

pub(crate) use check::report;
pub(crate) use dispatch::run;
