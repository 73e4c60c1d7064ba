//! The life cycle of a partition.
//!
//! expected → arriving → landed. If the deadline passes first: late (there is some data) or missing (there is none).
//! A landed partition of which nothing is left is deleted. [`Completion`] defines when a partition is complete,
//! [`LandingWindow`] how early that can be, and [`advance`] updates a record by what was seen.

mod advance;
mod completion;
mod quiet;
mod window;

pub use advance::{Seen, advance};
pub use completion::AFTER;
pub use completion::{Completion, CompletionRule, completion};
pub use quiet::needed_quiet;
pub use window::LandingWindow;

pub use crate::state::PartitionState;
