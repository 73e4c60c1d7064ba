//! `cargo xtask charts`: the charts and the table of docs/detection.md, generated from the detector's verdicts on the
//! public histories.
//!
//! `--check` generates everything again and compares, so that the page cannot become outdated.

mod contest;
mod documents;
mod landing;
mod replayed;
mod scenes;
mod sheet;
mod volume;

pub(crate) use documents::run;
