//! The history: what was seen and judged, by dataset.
//!
//! It implements the engine's [`History`](lakegauge_engine::History) port: [`Memory`] for replays and tests, `Sqlite`
//! in a file, `Documents` in a bucket. [`Rehearsal`] wraps any of them for runs that must not write, and [`Standby`]
//! for runs that continue if the history fails. One conformance suite in `tests/it` covers all.

#[cfg(feature = "documents")]
mod documents;
mod memory;
mod origins;
mod rehearsal;
#[cfg(feature = "sqlite")]
mod sqlite;
mod standby;

#[cfg(feature = "documents")]
pub use documents::{
    Beside, Documents, Files, Finished, OneRun, S3Settings, Shelf, ShelfError, Texts, open_s3,
};
pub use memory::Memory;
pub use origins::Origins;
pub use rehearsal::Rehearsal;
#[cfg(feature = "sqlite")]
pub use sqlite::{DataSink, Origin, Sqlite};
pub use standby::{Failure, Lost, Standby};
