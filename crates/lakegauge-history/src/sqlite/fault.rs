//! Errors of a history file, before it is known which dataset's rows they concern.

use std::time::Duration;

use lakegauge_engine::HistoryError;
use rusqlite::{Connection, ErrorCode};

/// A failure without its file.
#[derive(Debug)]
pub(super) enum Fault {
    /// An error of SQLite.
    Sql(rusqlite::Error),
    /// An error of the operating system.
    Io(std::io::Error),
    /// The file is not a history.
    NotOurs(&'static str),
    /// One row cannot be read. The rest of the file may be intact.
    Row {
        /// The row, as named to users.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The value to write cannot be serialized.
    Unwritten(Box<dyn std::error::Error + Send + Sync>),
    /// A newer lakegauge wrote the file.
    Newer { found: i64, known: i64 },
    /// The file can be read but not written.
    ReadOnly,
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Sql(error)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        Fault::Io(error)
    }
}

impl Fault {
    /// The value cannot be serialized because of `error`.
    pub(super) fn unwritten(error: impl std::error::Error + Send + Sync + 'static) -> Fault {
        Fault::Unwritten(Box::new(error))
    }

    /// After one lock that timed out, the next ones are not waited for: a hundred datasets would each wait.
    pub(super) fn wait_no_more(&self, connection: &Connection) {
        let Fault::Sql(error) = self else { return };
        if is_lock(error) {
            drop(connection.busy_timeout(Duration::ZERO));
        }
    }

    /// The error for the file at `place`.
    pub(super) fn at(self, place: String) -> HistoryError {
        match self {
            Fault::NotOurs(detail) => HistoryError::Damaged { place, detail: detail.to_owned() },
            Fault::Row { what, detail } => HistoryError::DamagedRow { place, what, detail },
            Fault::Newer { found, known } => HistoryError::Newer { place, found, known },
            Fault::ReadOnly => {
                HistoryError::Unwritable { place, source: "this user may not write to it".into() }
            }
            Fault::Unwritten(error) => HistoryError::Unwritable { place, source: error },
            Fault::Io(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                HistoryError::Forbidden { place, source: error }
            }
            Fault::Io(error) => HistoryError::Unusable { place, source: error.into() },
            Fault::Sql(error) => of_sqlite(place, error),
        }
    }
}

fn is_lock(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn of_sqlite(place: String, error: rusqlite::Error) -> HistoryError {
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            HistoryError::Damaged { place, detail: error.to_string() }
        }
        _ if is_lock(&error) => HistoryError::Locked { place },
        Some(ErrorCode::ReadOnly | ErrorCode::DiskFull) => {
            HistoryError::Unwritable { place, source: error.into() }
        }
        _ => HistoryError::Unusable { place, source: error.into() },
    }
}
