//! `bench sample`: how many requests `init` sends to a lake of very many objects, beside a listing of all of them.

use std::process::{Command, ExitCode};

use anyhow::Result;

use super::build;
use crate::checkout;

/// `cargo xtask bench sample [DATASETS PARTITIONS OBJECTS]`: the lake is computed, so nothing is stored.
pub(super) fn run(options: &[&str]) -> Result<ExitCode> {
    let status = Command::new(build::sample(&checkout::root()?)?).args(options).status()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
