//! The histories that a run has opened, and what to say if one fails.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use lakegauge_core::cause::chain;
use lakegauge_core::name::Name;
use lakegauge_engine::HistoryError;
use lakegauge_history::{Failure as Failed, Lost, Standby};

use crate::answer::{ELSEWHERE, Failure, exit};

/// Why nothing is saved.
#[derive(Clone)]
pub(crate) enum NotSaved {
    /// The run is for another time than the present.
    NotNow,
    /// The history fails.
    Failing(Failed),
}

/// A history whose newest run is in the future of this machine's clock.
#[derive(Debug)]
pub(crate) struct Ahead(pub(crate) Timestamp);

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
    pub(crate) fn keep(&self, standby: &Arc<Standby>, elsewhen: bool) {
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
