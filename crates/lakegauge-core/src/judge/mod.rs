//! Judges: turns what is known about a dataset, and one look at it, into a report.
//!
//! [`Timeline`] merges the look into the records and replays history over them, so that every partition has what was
//! expected of it. `alarms` evaluates the dataset's rules on it, and `reason` words the result.
//!
//! Each file uses only those before it: `owed` (when a partition is expected) < `past` (what can be read of a timeline) <
//! `loss`, `beside`, `pause` (comparisons with the past) < `current`, `reason` < `alarms` < `timeline` (builds one) <
//! `chosen`, `status`, `notes` < `judgement`.

mod alarms;
mod beside;
mod chosen;
mod current;
mod judgement;
mod loss;
mod notes;
mod owed;
mod past;
mod pause;
mod question;
mod reason;
mod status;
#[cfg(test)]
mod tests;
mod timeline;

pub use alarms::evaluate_all;
pub use judgement::{Judgement, judge};
pub use owed::Owed;
pub use past::{Point, Slot, Timeline};
pub use pause::Pause;
pub use question::Question;
pub use timeline::usual_delay;
