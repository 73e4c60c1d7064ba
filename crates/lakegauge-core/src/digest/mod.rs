//! What happened to a dataset lately, to be read once a week: what changed slowly, and what was said of it day by day.
//!
//! [`Drift`] is the slow change that no single day shows; [`digest`] puts it beside the alarms, notices, late landings,
//! new levels and people's words of the last days.

mod drift;
#[cfg(test)]
mod tests;
mod week;

pub use drift::{Drift, drift};
pub use week::{Digest, Event, EventKind, digest};
