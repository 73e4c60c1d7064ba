//! Files that people keep: written whole or not at all.

use std::io::{self, Write as _};
use std::path::Path;

use crate::answer::Failure;

/// Writes `text` to `path`. Where that fails (a full disk, a folder that is read-only) what was there before is there still,
/// and nothing half-written is left behind.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    place(path, text).map_err(|error| unwritable(path, &error))
}

/// The failure of a file or folder that cannot be written.
pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::machine(format!("{} cannot be written: {error}", path.display()))
}

fn place(path: &Path, text: &str) -> io::Result<()> {
    // The file that a link leads to is the one to write.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let old = target.metadata().ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        // A pipe or a device (`/dev/stdout`) takes no other file's place.
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

/// A file without a place yet. Who may read it is for the umask to say, as of any other file.
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
