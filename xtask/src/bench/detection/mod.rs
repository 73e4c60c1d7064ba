//! `bench detection`: scores the detector on labelled histories of public feeds (`data/series/`).
//!
//! The detector gets a history day by day, without looking ahead: first the question when the day is due, then what
//! landed. The score counts false alarms on clean days, real incidents that were noticed, faults injected one at a
//! time into a real past, and the tail of alarms after a lasting change.

mod beside;
mod detector;
mod fact;
mod figures;
mod history;
mod injected;
mod labels;
mod made;
mod mersenne;
mod ours;
mod peers;
mod replay;
mod report;
mod score;
mod tally;

pub(crate) use beside::{Standing, standings, table};
pub(crate) use history::{History, start};
pub(crate) use report::run;
