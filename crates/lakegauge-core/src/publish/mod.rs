//! What CloudWatch is told of a dataset: as few metrics as its alarms need, since each costs money by the month.
//!
//! [`published`] says which ([`Published`]: name, unit, dimensions), from the config alone, so that whoever writes
//! alarms, counts cost or posts values names the same; [`data`] maps a judged partition to their values.

mod datum;
mod naming;
mod published;
#[cfg(test)]
mod tests;

pub use datum::{Datum, alive, data};
pub use naming::{Naming, ORIGINAL_FUNCTION, ORIGINAL_NAMESPACE, Place};
pub use published::{Dimension, HEARTBEAT, OUTSIDE_BAND, Published, Source, heartbeat, published};
