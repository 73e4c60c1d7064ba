//! The commands. Each takes the context and its arguments and returns an answer.

pub(crate) mod backtest;
pub(crate) mod check;
pub(crate) mod cost;
pub(crate) mod digest;
pub(crate) mod explain;
pub(crate) mod history;
pub(crate) mod init;
pub(crate) mod judge;
pub(crate) mod later;
pub(crate) mod mark;
mod naming;
pub(crate) mod origins;
pub(crate) mod plan;
pub(crate) mod terraform;
pub(crate) mod texts;
pub(crate) mod validate;
pub(crate) mod wait;
