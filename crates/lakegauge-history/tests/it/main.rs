//! The tests of history: one conformance suite for every implementation, and what only a file can do.

mod conformance;
mod file;
