//! Output for people and machines: pure functions from data to text.
//!
//! Width, colour and character set are arguments ([`Options`]); nothing here asks the terminal, the clock or the
//! environment. [`text`] is the table of `check`, [`json`] and [`junit`] are its other forms; [`plot`] draws the
//! [`Past`] of a metric, [`explain`] shows what is known about a dataset, and [`backtest`] the findings of a replay.

pub(crate) mod backtest;
pub(crate) mod cost;
pub(crate) mod digest;
mod document;
pub(crate) mod explain;
pub(crate) mod explained;
mod fit;
mod instant;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod mark;
mod options;
mod past;
pub(crate) mod plan;
pub(crate) mod plot;
mod published;
mod recent;
#[cfg(test)]
mod tests;
pub(crate) mod text;

pub(crate) use document::document;
pub(crate) use options::Options;
pub(crate) use past::Past;
pub(crate) use recent::Recent;
