//! Opens the file: for writing if possible, otherwise for reading; never a file that is not ours.

use std::fs::{self};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use tempfile::TempDir;

use super::fault::Fault;
use super::format::{Before, migrate, must_be_current, shrink};
use super::paths::{beside, create};

/// How long a writer waits for another process's commit.
const BUSY: Duration = Duration::from_secs(20);
/// The pause between tries where SQLite does not wait itself.
const PAUSE: Duration = Duration::from_millis(20);

/// Creates the file and its folder if they are missing, and migrates the file to the newest format.
pub(super) fn to_write(path: &Path) -> Result<Connection, Fault> {
    open(path, Before::Kept)
}

fn open(path: &Path, before: Before) -> Result<Connection, Fault> {
    if !is_there(path)? {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        create(path)?;
    }
    // Not as a URI: a path may start with `file:`.
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    if connection.is_readonly("main")? {
        return Err(Fault::ReadOnly);
    }
    connection.busy_timeout(BUSY)?;
    // Before anything is written: a file that is not ours, or too new, is left unchanged.
    migrate(&mut connection, path, before)?;
    write_ahead(&connection)?;
    connection.pragma_update(None, "synchronous", "normal")?;
    shrink(&connection)?;
    Ok(connection)
}

/// Opens a file that may not be written. The folder is kept as long as the connection reads a copy in it.
///
/// If another process has the file open, its write-ahead log and index are next to it, and SQLite reads them too.
/// Otherwise a copy is read: a connection to the file itself would create both, and a user who may only read would
/// leave files that the owner cannot write.
pub(super) fn to_read(path: &Path) -> Result<(Connection, Option<TempDir>), Fault> {
    is_there(path)?;
    fs::File::open(path)?;
    let in_use = beside(path, "-wal").exists() && beside(path, "-shm").exists();
    if in_use && let Ok(connection) = open_live(path) {
        return Ok((connection, None));
    }
    match open_copy(path) {
        Ok((connection, folder)) => Ok((connection, Some(folder))),
        // There is no space for a copy, or no folder for it.
        Err(Fault::Io(_)) => Ok((open_still(path)?, None)),
        Err(fault) => Err(fault),
    }
}

fn open_live(path: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    must_be_current(&connection)?;
    Ok(connection)
}

/// How often copying is retried because the file was written in the meantime.
const COPIES: usize = 5;

/// A copy in a temporary folder, where a file of an older format can be migrated.
fn open_copy(path: &Path) -> Result<(Connection, TempDir), Fault> {
    let folder = tempfile::Builder::new().prefix("lakegauge-").tempdir()?;
    let copy = folder.path().join("history.sqlite");
    let files = [(path.to_owned(), copy.clone()), (beside(path, "-wal"), beside(&copy, "-wal"))];
    // File and log belong together: a write between the two copies would make them inconsistent.
    for _ in 0..COPIES {
        let before = files.each_ref().map(|(from, _)| stamp(from));
        for (from, to) in &files {
            drop(fs::remove_file(to));
            if from.exists() {
                fs::copy(from, to)?;
                make_ours(to)?;
            }
        }
        if files.each_ref().map(|(from, _)| stamp(from)) == before {
            return Ok((open(&copy, Before::Overwritten)?, folder));
        }
        std::thread::sleep(PAUSE);
    }
    Err(Fault::Io(ErrorKind::ResourceBusy.into()))
}

/// Size and time, which change when a file is written.
fn stamp(path: &Path) -> Option<(u64, Option<SystemTime>)> {
    fs::metadata(path).ok().map(|found| (found.len(), found.modified().ok()))
}

/// Opens the file as immutable. Data that another process has only in its log is not seen.
fn open_still(path: &Path) -> Result<Connection, Fault> {
    let path = path.canonicalize()?;
    let name: String = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("file:{name}?immutable=1"), flags)?;
    must_be_current(&connection)?;
    Ok(connection)
}

/// Rejects anything that exists and is not a file, before anything waits for the other end of a pipe.
fn is_there(path: &Path) -> Result<bool, Fault> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(Fault::Io(std::io::Error::other("it is a folder, not a file"))),
        Ok(found) if !found.is_file() => Err(Fault::Io(std::io::Error::other("it is not a regular file"))),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Makes a copy writable: it has the permissions of the original, which may be read-only.
fn make_ours(copy: &Path) -> Result<(), Fault> {
    #[cfg(unix)]
    fs::set_permissions(copy, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

/// Turns on write-ahead logging. While another process does the same, SQLite returns "busy" without waiting.
fn write_ahead(connection: &Connection) -> Result<(), Fault> {
    let mut waited = Duration::ZERO;
    loop {
        match connection.pragma_update(None, "journal_mode", "wal") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && waited < BUSY => {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
            }
            outcome => return Ok(outcome?),
        }
    }
}
