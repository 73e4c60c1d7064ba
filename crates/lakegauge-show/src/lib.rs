//! Output for people and machines: pure functions from data to text.
//!
//! Width, colour and character set are arguments ([`Options`]); nothing here asks the terminal, the clock or the
//! environment. [`text`] is the table of `check`, [`json`] and [`junit`] are its other [`Format`]s; [`plot`] draws the
//! [`Past`] of a metric, [`explain`] shows what is known about a dataset, and [`backtest`] the findings of a replay.

pub mod backtest;
pub mod cost;
pub mod digest;
mod document;
pub mod explain;
pub mod explained;
mod fit;
mod format;
mod instant;
pub mod json;
pub mod junit;
pub mod mark;
mod options;
mod past;
pub mod plan;
pub mod plot;
mod published;
mod recent;
#[cfg(test)]
mod tests;
pub mod text;

pub use document::document;
pub use format::{FORMATS, Format, Unwritten};
pub use options::Options;
pub use past::Past;
pub use recent::Recent;
