//! Opening the history of a config, and what to say where it fails.

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

/// A history that is open, as far as it can be.
pub(crate) struct Opened {
    /// To read from and to commit to, whatever fails.
    pub(crate) history: Arc<dyn History>,
    /// The same for those who must know whether it is saved, or why it cannot be.
    pub(crate) to_save: Result<Arc<dyn History>, NotSaved>,
    /// What stands in for what cannot be read.
    pub(crate) standby: Option<Arc<Standby>>,
}

/// Why nothing that is committed outlives the run.
#[derive(Clone)]
pub(crate) enum NotSaved {
    /// It is not judged for now.
    NotNow,
    /// The history fails.
    Failing(Failed),
}

impl Opened {
    fn in_memory() -> Opened {
        Opened { history: Arc::new(Memory::default()), to_save: Err(NotSaved::NotNow), standby: None }
    }
}

/// Opens the history file. A run from before the file's newest entry may neither read what was not known then nor write what
/// it believes over what is known now: it remembers in memory only. One at an instant that is not now reads what is known,
/// and remembers nothing. Where the file fails, the run goes on without it, and its end says so.
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
    // By the newest of all: a dataset that is split is remembered by the names of its parts.
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

/// Opens the file to write, or else to read: then with why it cannot be written.
async fn open_file(path: &Path, is_new: bool) -> Result<(Sqlite, Option<HistoryError>), HistoryError> {
    let error = match Sqlite::open(path).await {
        Ok(file) => return Ok((file, None)),
        Err(error) => error,
    };
    let unwritable = match error {
        HistoryError::Unusable { place, source } => HistoryError::Unwritable { place, source },
        HistoryError::Forbidden { place, source } => {
            HistoryError::Unwritable { place, source: source.into() }
        }
        error @ HistoryError::Unwritable { .. } => error,
        error => return Err(error),
    };
    if is_new {
        return Err(unwritable);
    }
    match Sqlite::open_to_read(path).await {
        Ok(file) => Ok((file, Some(unwritable))),
        Err(error @ HistoryError::Forbidden { .. }) => Err(error),
        Err(_) => Err(unwritable),
    }
}

/// Whether there is no history to be lost: no file, or an empty one.
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

/// Says once that datasets begin anew: from the first run on they have a history of their own.
async fn tell_of_other_places(file: &Sqlite, path: &Path, lake: &str) {
    // What cannot be read is said by those who need it.
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

/// The histories that a run has opened, so that its end can tell what failed.
#[derive(Clone, Default)]
pub(crate) struct Histories(Arc<Mutex<Vec<(Arc<Standby>, bool)>>>);

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

    /// How a run ends that would have ended with `code`: what failed, for standard error, and the exit code. `saves`: the
    /// command is there to record what it finds, too.
    pub(crate) fn ending(&self, code: u8, saves: bool) -> (u8, Vec<String>) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = all.iter().flat_map(|(standby, elsewhen)| {
            let saves = saves && !elsewhen;
            standby.failures().into_iter().filter(move |failure| saves || !is_only_of_rights(failure))
        });
        let mut lines: Vec<String> = failures.map(|failure| told(&failure)).collect();
        let also = match code {
            _ if lines.is_empty() => return (code, lines),
            exit::HEALTHY => None,
            exit::ALARM => Some("There are alarms as well"),
            exit::UNSEEN => Some("Part of the lake could not be seen either"),
            exit::TIMED_OUT => return (code, lines),
            // The command has failed, and has said why.
            _ => return (code, Vec::new()),
        };
        lines.extend(also.map(|also| format!("{also}; without this error the exit code would be {code}.")));
        (exit::MACHINE, lines)
    }
}

/// Whether those who save nothing miss nothing but what this user may not see or write.
fn is_only_of_rights(failure: &Failed) -> bool {
    failure.lost == Lost::Findings || matches!(*failure.error, HistoryError::Forbidden { .. })
}

/// A failure, what it costs, and what to do about it.
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

/// What the user can do about a failure, where its message does not say so.
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
    /// The failure of a command that is nothing without being saved.
    pub(crate) fn into_failure(self) -> Failure {
        match self {
            NotSaved::NotNow => Failure::usage(
                "--now is not the current time, and only a mark made now can be saved: leave --now out",
            ),
            NotSaved::Failing(failure) => {
                let cure = cure(&failure).map_or_else(String::new, |cure| format!("\n{cure}"));
                Failure::machine(format!("{}{cure}", chain(&*failure.error)))
            }
        }
    }
}
