//! Many datasets, one incident: alarms of one kind on many datasets of one day have one cause more often than many.
//!
//! [`incidents`] finds them in what was found about each dataset. The alarms stay as they are.

mod group;
#[cfg(test)]
mod tests;

pub use group::{Affected, Incident, IncidentKind, incidents};
