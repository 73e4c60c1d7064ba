//! `cargo xtask charts`: what docs/detection.md shows, out of what the detector says of the public histories.
//!
//! The page can then not claim what is no longer so: `--check` draws everything again and compares.

mod contest;
mod documents;
mod landing;
mod replayed;
mod scenes;
mod sheet;
mod volume;

pub(crate) use documents::run;
