//! lakegauge remembers: what was seen and judged, by dataset.
//!
//! The implementations of the engine's [`History`](lakegauge_engine::History) port: [`Memory`] for replays and tests,
//! `Sqlite` for a file, `Documents` for a bucket, [`Rehearsal`] over any of them. `tests/it` holds the one conformance suite that all pass.

#[cfg(feature = "documents")]
mod documents;
mod memory;
mod rehearsal;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(feature = "documents")]
pub use documents::{Beside, Documents, Files, OneRun, S3Settings, Shelf, ShelfError, Texts, open_s3};
pub use memory::Memory;
pub use rehearsal::Rehearsal;
#[cfg(feature = "sqlite")]
pub use sqlite::Sqlite;
