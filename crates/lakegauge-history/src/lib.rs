//! lakegauge remembers: what was seen and judged, by dataset.
//!
//! Two implementations of the engine's [`History`](lakegauge_engine::History) port: [`Memory`] for replays and tests,
//! [`Sqlite`] for a file. `tests/it` holds the one conformance suite that both pass.

mod memory;
mod sqlite;

pub use memory::Memory;
pub use sqlite::Sqlite;
