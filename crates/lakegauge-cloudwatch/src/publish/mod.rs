//! What is posted to CloudWatch: only the metrics that a dataset's alarms need, because each costs money every
//! month.
//!
//! [`published`] lists them ([`Published`]: name, unit, dimensions) from the config alone, so that alarms, cost
//! estimates and posted values use the same names. [`data`] maps a judged partition to their values, and [`Shown`] says
//! what stands, so that one healthy partition does not clear the alarm of another.

mod datum;
mod look;
mod naming;
mod published;
mod shown;
#[cfg(test)]
mod tests;

pub use datum::{alive, data};
pub use naming::{Naming, ORIGINAL_FUNCTION, ORIGINAL_NAMESPACE, Place};
pub use published::{Dimension, HEARTBEAT, OUTSIDE_BAND, Published, Source, heartbeat, published};
pub use shown::Shown;
