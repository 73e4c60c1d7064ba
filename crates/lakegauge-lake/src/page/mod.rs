//! Stores that answer page by page: one small trait, its decorators, and listings over it.
//!
//! From the outside in: [`Retry`] waits and retries; [`Gate`] limits parallel requests, counts them and leaves a silent
//! store alone; then the store itself. A wait between two tries does not occupy a place in the gate. On top of these,
//! [`Paged`] follows the pages of a listing, and [`Order`] checks that they make progress.

mod fetch;
mod gate;
mod listing;
mod order;
mod retry;
mod silence;

pub(crate) use fetch::{Ask, Page, Pages};
pub(crate) use gate::Gate;
pub(crate) use listing::Paged;
pub(crate) use order::{Order, OutOfOrder};
pub use retry::Backoff;
pub(crate) use retry::Retry;
