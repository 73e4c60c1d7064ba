//! The config: as typed, then resolved.
//!
//! `tree` keeps every byte's position; `mapping` checks each mapping against the table of its keys, which `schema`
//! publishes as well; one file per group of keys turns text into values. Loading never stops at the first problem.

mod alarms;
mod calendars;
mod dataset;
mod drawing;
mod lake;
mod load;
mod mapping;
mod mask;
mod meaning;
mod parts;
mod problem;
mod receivers;
mod remedies;
mod scalar;
mod schema;
mod suggestion;
mod surroundings;
mod table;
#[cfg(test)]
mod tests;
mod tree;

pub use drawing::render;
pub use lake::Config;
pub use load::{Loaded, load};
pub use meaning::{Meaning, meanings, rule_in_words};
pub use parts::Parts;
pub use problem::{Gravity, Problem};
pub use receivers::{Receiver, Reference};
pub use schema::schema;
pub use suggestion::nearest;
pub use surroundings::Surroundings;
pub use table::Table;
