//! lakegauge remembers: what was seen and judged, by dataset.
//!
//! Three implementations of the engine's [`History`](lakegauge_engine::History) port: [`Memory`] for replays and tests,
//! `Sqlite` for a file, `Documents` for a bucket. `tests/it` holds the one conformance suite that all pass.

#[cfg(feature = "documents")]
mod documents;
mod memory;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(feature = "documents")]
pub use documents::{Documents, Files, OneRun, S3Settings, Shelf, ShelfError, Texts, open_s3};
pub use memory::Memory;
#[cfg(feature = "sqlite")]
pub use sqlite::Sqlite;
