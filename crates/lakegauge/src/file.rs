//! Writes users' files completely or not at all.

use std::io::{self, Write as _};
use std::path::Path;

use crate::answer::Failure;

/// Writes `text` to `path`. If that fails (a full disk, a read-only folder), the previous file is unchanged and no
/// half-written file is left behind.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    place(path, text).map_err(|error| unwritable(path, &error))
}

/// The failure of a file or folder that cannot be written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::machine(format!("{} cannot be written: {error}", path.display()))
}

fn place(path: &Path, text: &str) -> io::Result<()> {
    // A link is followed, and its target is written.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let old = target.metadata().ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        // A pipe or a device (`/dev/stdout`) is written directly.
        return std::fs::write(path, text);
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut draft = draft(folder)?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    if let Some(old) = old {
        draft.as_file().set_permissions(old.permissions())?;
    }
    draft.persist(target).map_err(|error| error.error)?;
    Ok(())
}

/// A file without a name yet. Its permissions follow the umask, as for any other file.
fn draft(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".lakegauge-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
