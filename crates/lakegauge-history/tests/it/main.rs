//! The tests of history: one conformance suite for every implementation, and what only a file can do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

mod conformance;
mod data;
mod documents;
mod equality;
mod file;
mod format;
mod origins;
mod outbox;
mod processes;
mod rights;
mod speed;
mod standby;
