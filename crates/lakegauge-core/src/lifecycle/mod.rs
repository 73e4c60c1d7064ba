//! The life cycle of a partition.
//!
//! expected → arriving → landed; when the deadline passes first: late (something is there) or missing (nothing is);
//! a landed partition of which nothing is left is deleted. [`Completion`] says what complete means, [`LandingWindow`] how
//! early it can be, and [`advance`] moves a record on by what was seen.

mod advance;
mod completion;
mod quiet;
mod state;
mod window;

pub use advance::{Seen, advance};
pub use completion::{Completion, CompletionRule, completion};
pub(crate) use quiet::needed_quiet;
pub use state::PartitionState;
pub use window::LandingWindow;
