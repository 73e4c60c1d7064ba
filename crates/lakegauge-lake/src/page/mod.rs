//! Stores that answer page by page: one small trait, its decorators, and listings over it.
//!
//! From the outside in: [`Retry`] waits and repeats, [`Gate`] bounds what runs at once and counts what is sent,
//! then the store itself (or `Faulty` around it, in tests). A wait between two tries holds no place in the gate.

mod fetch;
mod gate;
mod listing;
mod retry;

pub(crate) use fetch::{Ask, Page, Pages};
pub(crate) use gate::Gate;
pub(crate) use listing::Paged;
pub use retry::Backoff;
pub(crate) use retry::Retry;
