//! Stores on real servers: one conformance suite for all, boto3 as a second opinion, and faults on the wire.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod conformance;
mod faults;
mod hostile;
mod keys;
mod stores;
