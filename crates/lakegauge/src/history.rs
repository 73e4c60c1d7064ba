//! Opening the history of a config, and what to say if it fails.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use lakegauge_core::name::Name;
use lakegauge_engine::{History, HistoryError};
use lakegauge_history::{Lost, Memory, Origins, Rehearsal, Sqlite, Standby};

use crate::clock;
use crate::context::Context;
use crate::histories::{Ahead, NotSaved};
use crate::pattern::some;

/// A history, opened as far as possible.
pub(crate) struct Opened {
    /// For reading and committing; it never fails.
    pub(crate) history: Arc<dyn History>,
    /// The same for commands that must know whether their changes are saved; or why they cannot be.
    pub(crate) to_save: Result<Arc<dyn History>, NotSaved>,
    /// What replaces the parts that cannot be read.
    pub(crate) standby: Option<Arc<Standby>>,
}

impl Opened {
    fn in_memory() -> Opened {
        Opened { history: Arc::new(Memory::default()), to_save: Err(NotSaved::NotNow), standby: None }
    }
}

/// Opens the history file. A run for a time before the file's newest entry must not read what was not known then, nor
/// overwrite what is known now, so it uses memory only. A run for another time than the present reads the file and
/// saves nothing. If the file fails, the run continues without it and reports that at its end.
pub(crate) async fn open(context: &Context, lake: &str, path: &Path, origins: Origins) -> Opened {
    let elsewhen = context.replay || context.rehearsal;
    let is_new = is_missing(path);
    if elsewhen && is_new {
        return Opened::in_memory();
    }
    let (file, unwritable) = match open_file(path, is_new).await {
        Ok((file, unwritable)) => (file.of(origins), unwritable),
        Err(error) => return without(context, error, if is_new { Lost::Findings } else { Lost::Past }),
    };
    // The newest of all datasets counts: a split dataset is stored under the names of its parts.
    match file.newest_run().await {
        Ok(Some(last)) if last.duration_since(context.now) > clock::SKEW => {
            if context.now_given {
                tracing::warn!("--now is earlier than the last recorded run ({last}); this run is not saved");
                return Opened::in_memory();
            }
            let place = path.display().to_string();
            return without(
                context,
                HistoryError::Unusable { place, source: Ahead(last).into() },
                Lost::Past,
            );
        }
        Ok(_) => {}
        Err(error) => return without(context, error, Lost::Past),
    }
    tell_of_other_places(&file, path, lake).await;
    let real: Arc<dyn History> = Arc::new(file);
    let standby = match unwritable {
        None => Standby::over(Arc::clone(&real)),
        Some(error) => Standby::over_unwritable(Arc::clone(&real), error),
    };
    stands_by(context, standby, Some(real))
}

/// Opens the file for writing, or else for reading: then with the reason why it cannot be written.
async fn open_file(path: &Path, is_new: bool) -> Result<(Sqlite, Option<HistoryError>), HistoryError> {
    let error = match Sqlite::open(path).await {
        Ok(file) => return Ok((file, None)),
        Err(error) => error,
    };
    if is_new {
        return Err(unwritable(error));
    }
    if matches!(error, HistoryError::Unusable { .. } | HistoryError::Unwritable { .. }) {
        match Sqlite::open_to_read(path).await {
            Ok(file) => return Ok((file, Some(unwritable(error)))),
            Err(forbidden @ HistoryError::Forbidden { .. }) => return Err(forbidden),
            Err(_) => {}
        }
    }
    Err(error)
}

/// The same failure of a file that can be read, or that does not exist yet.
fn unwritable(error: HistoryError) -> HistoryError {
    match error {
        HistoryError::Unusable { place, source } => HistoryError::Unwritable { place, source },
        HistoryError::Forbidden { place, source } => {
            HistoryError::Unwritable { place, source: source.into() }
        }
        error => error,
    }
}

/// Whether there is no history yet: no file, or an empty one.
fn is_missing(path: &Path) -> bool {
    match std::fs::metadata(path) {
        Ok(found) => found.is_file() && found.len() == 0,
        Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}

fn without(context: &Context, error: HistoryError, lost: Lost) -> Opened {
    stands_by(context, Standby::without(error, lost), None)
}

fn stands_by(context: &Context, standby: Standby, real: Option<Arc<dyn History>>) -> Opened {
    let (standby, elsewhen) = (Arc::new(standby), context.replay || context.rehearsal);
    context.histories.keep(&standby, elsewhen);
    let to_save = match (standby.failures().into_iter().next(), real) {
        _ if elsewhen => Err(NotSaved::NotNow),
        (Some(failure), _) => Err(NotSaved::Failing(failure)),
        (None, Some(real)) => Ok(real),
        (None, None) => Err(NotSaved::NotNow),
    };
    let real: Arc<dyn History> = standby.clone();
    let history = if elsewhen { Arc::new(Rehearsal::new(real)) } else { real };
    Opened { history, to_save, standby: Some(standby) }
}

/// Warns about datasets that start a new history. Their first commit ends the warning.
async fn tell_of_other_places(file: &Sqlite, path: &Path, lake: &str) {
    // A file that cannot be read is reported where its contents are needed.
    let Ok(elsewhere) = file.elsewhere().await else { return };
    let Some((_, place)) = elsewhere.first() else { return };
    let mut names: Vec<&str> = elsewhere.iter().map(|(dataset, _)| Name::read(dataset).base()).collect();
    names.dedup();
    tracing::warn!(
        "{} has a history of {} at another place, {place}; what is in {lake} gets a new history. \
         If the data has moved, `lakegauge moved` keeps the old one",
        path.display(),
        some(&names)
    );
}
