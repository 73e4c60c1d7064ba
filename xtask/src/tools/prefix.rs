//! The folder of the tools.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

/// `.tools/` of a checkout.
pub(crate) struct Prefix {
    folder: PathBuf,
}

impl Prefix {
    /// The folder of the checkout at `root`; it need not exist yet.
    pub(crate) fn of(root: &Path) -> Prefix {
        Prefix { folder: root.join(".tools") }
    }

    /// The folder itself.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of a program when it is installed.
    pub(crate) fn bin(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// The same, or an error that says how to install it.
    pub(crate) fn installed(&self, name: &str) -> Result<PathBuf> {
        let path = self.bin(name);
        ensure!(path.exists(), "{name} is not installed: run `cargo xtask tools --bench`");
        Ok(path)
    }
}
