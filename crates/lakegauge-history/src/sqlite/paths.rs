//! Files next to the history.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use super::fault::Fault;

/// Creates an empty file that only its owner may read: it contains names of datasets, sizes and people's verdicts. If
/// another process was faster, its file is kept.
pub(super) fn create(path: &Path) -> Result<(), Fault> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// A file next to a database: its name with `ending`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
