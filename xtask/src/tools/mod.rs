//! Installs into `.tools/` what tests and benchmarks run beside lakegauge: servers, peers and cargo's helpers.
//!
//! `.tools/` is one prefix: everything to run lies in `.tools/bin`.

mod install;
mod prefix;
mod terraform;

pub(crate) use install::{Set, run};
pub(crate) use prefix::Prefix;
