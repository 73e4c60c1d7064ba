//! What CloudWatch is told of a dataset: as few metrics as its alarms need, since each costs money by the month.
//!
//! [`published`] says which ([`Published`]: name, unit, dimensions), from the config alone, so that whoever writes
//! alarms, counts cost or posts values names the same; [`data`] maps a judged partition to their values, and [`Signals`] remembers
//! which alarms stand, so that one partition does not speak for another.

mod datum;
mod naming;
mod published;
mod signals;
#[cfg(test)]
mod tests;

pub use datum::{Datum, alive, data};
pub use naming::{Naming, ORIGINAL_FUNCTION, ORIGINAL_NAMESPACE, Place};
pub use published::{Dimension, HEARTBEAT, OUTSIDE_BAND, Published, Source, heartbeat, published};
pub use signals::Signals;
