//! Installs into `.tools/` what tests and benchmarks need besides lakegauge: servers, peers and cargo tools.
//!
//! `.tools/` is one prefix: all programs are in `.tools/bin`.

mod install;
mod prefix;
mod terraform;

pub(crate) use install::{Set, run};
pub(crate) use prefix::Prefix;
