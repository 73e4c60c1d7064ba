//! What one look at the lake saw, and what it could not see.

mod fold;
mod gap;
mod look;
mod pause;
mod sizes;

pub use fold::{LookFold, is_data};
pub use gap::{Gap, GapKind};
pub use look::{Listed, Neighbours, ObjectMeta, Observation, PartitionLook, etag};
pub use pause::Pauses;
