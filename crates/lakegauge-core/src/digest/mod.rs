//! What happened to a dataset lately, to be read once a week: slow changes, and what was reported day by day.
//!
//! [`Drift`] is the slow change that no single day shows; [`digest`] lists it together with the alarms, notices, late
//! landings, new levels and people's verdicts of the last days.

mod drift;
#[cfg(test)]
mod tests;
mod week;

pub use drift::{Drift, drift};
pub use week::{Digest, Event, EventKind, digest};
