//! The house rules, proved: each rule is a pure function from what is in the checkout to its breaches.

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
