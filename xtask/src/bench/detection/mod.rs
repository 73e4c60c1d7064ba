//! `bench detection`: the learned expectations scored on labelled histories of public feeds (`data/series/`).
//!
//! A history is told to a detector day by day, without looking ahead: first "by when is this day due?", then what
//! came. The score counts false alarms on clean days, real incidents seen, faults planted one at a time in an
//! otherwise true past, and the tail of alarms after a lasting change.

mod beside;
mod detector;
mod figures;
mod history;
mod injected;
mod labels;
mod made;
mod mersenne;
mod ours;
mod peers;
mod report;
mod score;

pub(crate) use beside::{Standing, standings, table};
pub(crate) use history::{History, start};
pub(crate) use report::run;
