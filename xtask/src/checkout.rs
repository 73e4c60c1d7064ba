//! The checkout that xtask works on: its root and its files.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// The folder with the workspace's `Cargo.toml`.
pub(crate) fn root() -> Result<PathBuf> {
    // Cargo sets it for `cargo run`; the build-time value would be wrong after a checkout is moved.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").context("run it as `cargo xtask …`")?;
    let root = Path::new(&manifest).parent().context("xtask must be in the workspace's root")?;
    Ok(root.to_owned())
}

/// A text file of the checkout.
pub(crate) struct Source {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    /// The whole text.
    pub(crate) text: String,
}

impl Source {
    /// The file's name without folders.
    pub(crate) fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it contains only tests.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.file_name() == "tests.rs"
    }
}

/// Every text file that git tracks or would track, sorted by path.
pub(crate) fn sources(root: &Path) -> Result<Vec<Source>> {
    let listing = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("cannot run git")?;
    ensure!(listing.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listing.stderr));
    let names = String::from_utf8(listing.stdout).context("a file name is not UTF-8")?;
    let mut names: Vec<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    // Deleted files and binary files are skipped.
    let read = |name: &str| {
        Some(Source { path: name.to_owned(), text: std::fs::read_to_string(root.join(name)).ok()? })
    };
    Ok(names.into_iter().filter_map(read).collect())
}
