//! Opening the history of a config, and what to say if it fails.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use lakegauge_core::cause::chain;
use lakegauge_core::name::Name;
use lakegauge_engine::{History, HistoryError};
use lakegauge_history::{Failure as Failed, Lost, Memory, Origins, Rehearsal, Sqlite, Standby};

use crate::answer::{ELSEWHERE, Failure, exit};
use crate::clock;
use crate::context::Context;
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

/// Why nothing is saved.
#[derive(Clone)]
pub(crate) enum NotSaved {
    /// The run is for another time than the present.
    NotNow,
    /// The history fails.
    Failing(Failed),
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

/// A history whose newest run is in the future of this machine's clock.
#[derive(Debug)]
struct Ahead(Timestamp);

impl std::error::Error for Ahead {}

impl fmt::Display for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its last run is in the future, at {}", self.0.strftime("%Y-%m-%d %H:%M UTC"))
    }
}

/// The histories that a run has opened; they report failures at its end.
#[derive(Clone, Default)]
pub(crate) struct Histories(Arc<Mutex<Vec<Opening>>>);

/// An opened history, and whether the run is for another time than the present.
type Opening = (Arc<Standby>, bool);

impl fmt::Debug for Histories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Histories")
    }
}

impl Histories {
    fn keep(&self, standby: &Arc<Standby>, elsewhen: bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((Arc::clone(standby), elsewhen));
    }

    /// The exit code of a run that would have ended with `code`, and the failures for standard error. `saves`:
    /// recording is part of the command's task.
    pub(crate) fn ending(&self, code: u8, saves: bool) -> (u8, Vec<String>) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = Vec::new();
        for (standby, elsewhen) in all.iter() {
            for failure in standby.failures() {
                if (saves && !elsewhen) || !is_only_of_rights(&failure) {
                    lines.push(told(&failure));
                } else if failure.lost == Lost::Past {
                    tracing::warn!("{}; this is from the lake alone", chain(&*failure.error));
                }
            }
        }
        let also = match code {
            _ if lines.is_empty() => return (code, lines),
            exit::HEALTHY => None,
            exit::ALARM => Some("There are alarms as well"),
            exit::UNSEEN => Some("Part of the lake could not be seen either"),
            exit::TIMED_OUT => return (code, lines),
            // The command has failed and said why.
            _ => return (code, Vec::new()),
        };
        lines.extend(also.map(|also| format!("{also}; without this error the exit code would be {code}.")));
        (exit::MACHINE, lines)
    }
}

/// Whether only permissions are missing, which does not matter to a command that saves nothing.
fn is_only_of_rights(failure: &Failed) -> bool {
    failure.lost == Lost::Findings || matches!(*failure.error, HistoryError::Forbidden { .. })
}

/// A failure, its effect, and what to do about it.
pub(crate) fn told(failure: &Failed) -> String {
    let what = chain(&*failure.error);
    let cost = match (&failure.dataset, failure.lost) {
        (Some(dataset), Lost::Past) => {
            format!(
                "`{dataset}` was judged from the lake alone and not saved. Other datasets are not affected."
            )
        }
        (None, Lost::Past) => "All datasets were judged from the lake alone, and nothing was saved. \
             Deleted or overwritten data and your accept and reject marks were not taken into account."
            .to_owned(),
        (_, Lost::Findings) => "The verdicts are valid, but this run was not saved.".to_owned(),
    };
    let cure = cure(failure).map_or_else(String::new, |cure| format!("\n{cure}"));
    format!("error: {what}\n{cost}{cure}")
}

/// What the user can do about a failure, if its message does not say so.
fn cure(failure: &Failed) -> Option<String> {
    let forget = |dataset: &str| format!("run `lakegauge forget '{dataset}'`");
    let text = match (&*failure.error, &failure.dataset) {
        (HistoryError::Newer { .. }, _) => return None,
        (HistoryError::DamagedRow { .. }, Some(dataset)) => {
            format!("To start a new history for it from the lake, {}.", forget(Name::read(dataset).base()))
        }
        (HistoryError::Damaged { place, .. } | HistoryError::DamagedRow { place, .. }, _) => format!(
            "Move it away (`mv {place} {place}.damaged`); the next check starts a new history from the lake. \
             Or restore a backup."
        ),
        (HistoryError::Locked { .. }, _) => "Stop that process, or run lakegauge again later.".to_owned(),
        (HistoryError::Unusable { source, .. }, _) if source.is::<Ahead>() => format!(
            "If this machine's clock is right, {} to start new histories from the lake. \
             Otherwise correct the clock.",
            forget("*")
        ),
        _ => ELSEWHERE.to_owned(),
    };
    Some(text)
}

/// The failure of a command that needs the history of a dataset.
pub(crate) fn refused(error: HistoryError, dataset: &str) -> Failure {
    NotSaved::Failing(Failed { dataset: Some(dataset.to_owned()), lost: Lost::Past, error: Arc::new(error) })
        .into_failure()
}

impl NotSaved {
    /// The failure of a command whose only purpose is to save.
    pub(crate) fn into_failure(self) -> Failure {
        match self {
            NotSaved::NotNow => Failure::usage(
                "--now is not the current time, and only a mark made now can be saved: leave --now out",
            ),
            NotSaved::Failing(failure) => Failure::machine(chain(&*failure.error)).and(cure(&failure)),
        }
    }
}
