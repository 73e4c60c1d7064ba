//! lakegauge remembers: what was seen and judged, by dataset.
//!
//! The implementations of the engine's [`History`](lakegauge_engine::History) port: [`Memory`] for replays and tests,
//! `Sqlite` for a file, `Documents` for a bucket; [`Rehearsal`] over any of them for runs that must not write, and [`Standby`] for runs that
//! go on where the history fails. `tests/it` holds the one conformance suite that all pass.

#[cfg(feature = "documents")]
mod documents;
mod memory;
mod origins;
mod rehearsal;
#[cfg(feature = "sqlite")]
mod sqlite;
mod standby;

#[cfg(feature = "documents")]
pub use documents::{Beside, Documents, Files, OneRun, S3Settings, Shelf, ShelfError, Texts, open_s3};
pub use memory::Memory;
pub use origins::Origins;
pub use rehearsal::Rehearsal;
#[cfg(feature = "sqlite")]
pub use sqlite::{Origin, Sqlite};
pub use standby::{Failure, Lost, Standby};
