//! What is wrong with a dataset now: one memory of its alarms, and what became of each at a look.
//!
//! [`Standing::advance`] takes the verdicts of one look. It is pure: everything that follows from a change (a message,
//! a posted value, a remedy) reads the [`Change`]s, never the verdicts of two looks.

mod change;
mod raised;
#[cfg(test)]
mod tests;

pub use change::{Change, Why, changes_since};
pub use raised::{Look, Raised, Standing};
