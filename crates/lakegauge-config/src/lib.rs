//! The config: as typed, then resolved.
//!
//! `tree` keeps every byte's position; `mapping` checks each mapping against the table of its keys, which `schema`
//! publishes as well; a file in `keys` and in `receivers` says all about one key or one kind of receiver. Loading never
//! stops at the first problem.

mod alarms;
mod calendars;
mod config;
mod dataset;
mod drawing;
mod key;
mod keys;
mod load;
mod mapping;
mod mask;
mod meaning;
mod parts;
mod problem;
mod reading;
mod receivers;
mod remedies;
mod scalar;
mod schema;
mod settings;
mod suggestion;
mod surroundings;
mod table;
#[cfg(test)]
mod tests;
mod top;
mod tree;
mod words;

pub use config::Config;
pub use drawing::render;
pub use load::{Loaded, load};
pub use meaning::{Meaning, meanings};
pub use parts::Parts;
pub use problem::{Gravity, Problem};
pub use receivers::{Channel, Receiver, Secret};
pub use schema::schema;
pub use suggestion::nearest;
pub use surroundings::Surroundings;
pub use table::Table;
pub use words::rule_in_words;
