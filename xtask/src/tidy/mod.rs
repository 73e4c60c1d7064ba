//! The house rules: each rule is a pure function from the files of the checkout to its breaches.

mod circles;
mod dependencies;
mod functions;
mod links;
mod modules;
mod names;
mod report;
mod size;
mod snapshots;
mod words;

use report::Breach;
pub(crate) use report::run;
