//! Release builds of the programs under test.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The binary, `target/release/lakegauge`.
pub(super) fn lakegauge(root: &Path) -> Result<PathBuf> {
    cargo(root, &["-p", "lakegauge", "--bin", "lakegauge"])?;
    Ok(root.join("target/release/lakegauge"))
}

/// The lister alone, an example of its crate that counts a prefix.
pub(super) fn lister(root: &Path) -> Result<PathBuf> {
    cargo(root, &["-p", "lakegauge-lake", "--example", "count"])?;
    Ok(root.join("target/release/examples/count"))
}

/// An example of its crate that watches feeds for months, and prints the number of false alarms.
pub(super) fn looks(root: &Path) -> Result<PathBuf> {
    cargo(root, &["-p", "lakegauge-story", "--example", "looks"])?;
    Ok(root.join("target/release/examples/looks"))
}

/// An example of the same crate that surveys a large computed lake, and prints the number of requests.
pub(super) fn sample(root: &Path) -> Result<PathBuf> {
    cargo(root, &["-p", "lakegauge-story", "--example", "sample"])?;
    Ok(root.join("target/release/examples/sample"))
}

fn cargo(root: &Path, what: &[&str]) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--release", "--locked"]).args(what).current_dir(root);
    ensure!(build.status().context("cannot run cargo")?.success(), "the release build failed");
    Ok(())
}
