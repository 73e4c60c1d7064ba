//! From a dataset and a scope to an observation, with as few requests as the layout allows.
//!
//! Reading order: `lake` (the port), `looks` (partitions by their own prefix), `past` (all partitions, in one pass),
//! `places` (folders at open levels of a path), `marks` (completion markers at the root), `gaps` (what could not be
//! seen), `splits` (the values that split a dataset), `survey` (the whole lake, for discovery), `requests` (the
//! requests of a look, predicted).

mod gaps;
mod lake;
mod looks;
mod marks;
mod nearby;
mod past;
mod places;
mod requests;
mod splits;
mod survey;
#[cfg(test)]
mod tests;

pub use gaps::gather;
pub use lake::{ObjectLake, Progress};
pub use survey::Surveyed;
