//! Users' files: read with a bound, written completely or not at all.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use crate::answer::Failure;

/// Maximum size of a file that people write: a config of a hundred thousand datasets is smaller.
const MOST: u64 = 16 << 20;

/// Reads a text that people write: a config, a calendar, a list. Anything but a regular file is rejected, unless the
/// shell has opened it (a named pipe without a writer would never end), and so is a file larger than [`MOST`].
pub(crate) fn read(path: &Path) -> io::Result<String> {
    let refused = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let kind = std::fs::metadata(path)?;
    if kind.is_dir() {
        return Err(refused("it is a folder".to_owned()));
    }
    let opened = ["/dev/stdin", "/dev/fd", "/proc/self/fd"].iter().any(|place| path.starts_with(place));
    if !kind.is_file() && !opened {
        return Err(refused("it is not a regular file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        return Err(refused(format!("it is larger than {} MiB", MOST >> 20)));
    }
    let is_wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        match is_wide {
            true => refused("it is UTF-16: save it as UTF-8".to_owned()),
            false => refused(format!("it is not UTF-8 text (byte {at})")),
        }
    })
}

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
