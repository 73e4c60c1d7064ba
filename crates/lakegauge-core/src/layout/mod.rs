//! How paths encode partitions.
//!
//! A [`Layout`] is a path template such as `kpi/sales/date={date}/`. It writes the prefix of a partition, reads the
//! partition from a key, and lists a partition's objects ([`Path`]) with as few requests as the layout allows.
//! Reading order: `template` (tokens and their rules), `dated` (key to partition, using `matching`), `looking`
//! (partition to listings), `marker` (where completeness is marked).

mod check;
mod dated;
mod elsewhere;
mod error;
mod looking;
mod marker;
mod matching;
mod nearby;
mod parse;
mod template;
#[cfg(test)]
mod tests;

pub use dated::{Layout, Lead, LevelBelow, Located};
pub use error::LayoutError;
pub use looking::{Path, Step};
pub use marker::{Marker, RootMarker};
pub use nearby::Nearby;
