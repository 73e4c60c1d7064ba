//! Commits that arrive together are written together: a transaction's price is that of the pages it touches, and every
//! dataset of a check touches the same ones.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use lakegauge_engine::Changes;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::fault::Fault;
use super::origin::Names;
use super::rows;

/// A commit that is not written yet.
#[derive(Debug)]
pub(super) struct Commit {
    pub(super) dataset: String,
    pub(super) changes: Changes,
    pub(super) now: Timestamp,
    /// Who waits for its outcome.
    pub(super) done: oneshot::Sender<Result<(), Fault>>,
}

/// The commits that wait for the connection.
#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<Vec<Commit>>);

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Vec<Commit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, commit: Commit) {
        self.lock().push(commit);
    }

    /// Writes all that wait, and answers them. If another call has written them already, there is nothing to do.
    pub(super) fn write(&self, connection: &mut Connection, names: &Names) {
        let commits = std::mem::take(&mut *self.lock());
        let outcomes = together(connection, names, &commits).unwrap_or_else(|fault| {
            fault.wait_no_more(connection);
            match commits.as_slice() {
                [_] => vec![Err(fault)],
                // Only one of them may be the reason.
                several => {
                    several.chunks(1).map(|one| together(connection, names, one).and_then(only)).collect()
                }
            }
        });
        for (commit, outcome) in commits.into_iter().zip(outcomes) {
            // Whoever stopped waiting loses nothing: it is written.
            drop(commit.done.send(outcome));
        }
    }
}

fn only(outcomes: Vec<Result<(), Fault>>) -> Result<(), Fault> {
    outcomes.into_iter().collect()
}

/// Writes commits in one transaction, in their order. One that cannot be written is left out.
fn together(
    connection: &mut Connection,
    names: &Names,
    commits: &[Commit],
) -> Result<Vec<Result<(), Fault>>, Fault> {
    let mut outcomes = Vec::with_capacity(commits.len());
    if commits.is_empty() {
        return Ok(outcomes);
    }
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for Commit { dataset, changes, now, .. } in commits {
        let savepoint = transaction.savepoint()?;
        let written =
            names.claim(&savepoint, dataset).and_then(|key| rows::write(&savepoint, &key, changes, *now));
        match written {
            Ok(()) => savepoint.commit()?,
            // A savepoint that is dropped takes back what was written since.
            Err(_) => drop(savepoint),
        }
        outcomes.push(written);
    }
    transaction.commit()?;
    Ok(outcomes)
}
