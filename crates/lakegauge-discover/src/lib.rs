//! Finds out what a lake contains from one listing: the datasets, how their paths encode partitions, when they land,
//! and how they are known to be complete.
//!
//! A [`Survey`] takes the keys in any order and keeps one small record per partition, never the keys.
//! [`Survey::finish`] decides what the templates are and what the records show. Every value has its evidence, and
//! uncertain values are marked. [`render`] writes the config to review.
//! Reading order: `numbers`, `stamp` and `level` (dates in one level), `shape` (a key's template), `survey` (the
//! fold), `reading` (templates that explain each other), `settle` (folds to datasets), `arrival`, `season`, `rhythm`
//! and `completion` (what the records show), `naming`, `finding` (the result), `render`.

mod arrival;
mod completion;
mod finding;
mod group;
mod hours;
mod level;
mod naming;
mod numbers;
mod reading;
mod render;
mod rhythm;
mod season;
mod settle;
mod shape;
mod stamp;
mod survey;
#[cfg(test)]
mod tests;

pub use finding::{Discovery, Finding, Inferred, Oddities, Standing, Undated};
pub use naming::UNNAMED;
pub use render::{render, undated};
pub use survey::Survey;
