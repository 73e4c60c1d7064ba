//! Stores that answer page by page: one small trait, its decorators, and listings over it.
//!
//! From the outside in: [`Retry`] waits and repeats, [`Gate`] bounds what runs at once, counts what is sent and leaves a
//! silent store alone, then the store itself. A wait between two tries holds no place in the gate. Over all of that,
//! [`Paged`] follows the pages of a listing, and [`Order`] sees that they lead somewhere.

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
