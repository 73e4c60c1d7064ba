//! How paths encode partitions.
//!
//! A [`Layout`] is a path template such as `kpi/sales/date={date}/`: it writes the prefix of a partition, reads
//! the partition out of a key, and says which listings find a partition's objects ([`Path`]) with as few
//! requests as the layout allows. Reading order: `template` (tokens and their rules), `dated` (key to partition, by way of
//! `matching`), `looking` (partition to listings), `marker` (where "complete" is written).

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
