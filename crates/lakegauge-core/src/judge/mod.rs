//! Judges: turns what is known about a dataset, and one look at it, into a report.
//!
//! A [`Timeline`] is the look merged into the records, with history replayed over them, so that every partition has what
//! was expected of it. Only a [`Builder`] makes one, for a check as for a replay. `alarms` evaluates the dataset's rules on it, and `reason` words the result.
//!
//! Each file uses only those before it: `owed` (when a partition is expected) < `past` (what can be read of a timeline) <
//! `loss`, `beside`, `pause` (comparisons with the past) < `current`, `reason` < `alarms` < `builder` (builds one) <
//! `timeline` (that of a look) < `chosen`, `status`, `notes` < `judgement`.

mod alarms;
mod beside;
mod builder;
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
pub use builder::Builder;
pub use judgement::{Judgement, judge};
pub use owed::Owed;
pub use past::{Point, Slot, Timeline};
pub use pause::Pause;
pub use question::Question;
pub use timeline::usual_delay;
