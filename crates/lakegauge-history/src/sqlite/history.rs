//! History in a file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use lakegauge_engine::HistoryError;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use tempfile::TempDir;

use super::fault::Fault;
use super::file;
use super::origin::{self, Names, Origin};
use super::writer::Queue;
use crate::origins::Origins;

/// History in a file.
#[derive(Clone, Debug)]
pub struct Sqlite {
    open: Arc<Mutex<Open>>,
    pub(super) path: PathBuf,
    names: Arc<Names>,
    pub(super) queue: Arc<Queue>,
}

#[derive(Debug)]
struct Open {
    connection: Connection,
    /// The folder with the copy that is read if the file may not be written.
    _copy: Option<TempDir>,
}

impl Sqlite {
    /// Opens the file, creating it and its folder if they are missing, and migrates it to the newest format. Only the
    /// owner may read a new file.
    ///
    /// # Errors
    /// If the file cannot be opened or written, is not a history, or was written by a newer lakegauge.
    pub async fn open(path: &Path) -> Result<Sqlite, HistoryError> {
        Sqlite::opened(path, |path| Ok((file::to_write(path)?, None))).await
    }

    /// Opens an existing file for reading only. Commits to it fail.
    ///
    /// # Errors
    /// As [`Sqlite::open`].
    pub async fn open_to_read(path: &Path) -> Result<Sqlite, HistoryError> {
        Sqlite::opened(path, file::to_read).await
    }

    async fn opened(
        path: &Path,
        open: impl FnOnce(&Path) -> Result<(Connection, Option<TempDir>), Fault> + Send + 'static,
    ) -> Result<Sqlite, HistoryError> {
        let (path, place) = (path.to_owned(), path.display().to_string());
        let opened = tokio::task::spawn_blocking(move || {
            let (connection, copy) = open(&path).map_err(|fault| fault.at(path.display().to_string()))?;
            let open = Arc::new(Mutex::new(Open { connection, _copy: copy }));
            Ok(Sqlite { open, path, names: Arc::default(), queue: Arc::default() })
        });
        opened.await.unwrap_or_else(|error| Err(HistoryError::Unusable { place, source: error.into() }))
    }

    /// The same history as one config sees it: what was seen of its datasets at other places is not visible.
    pub fn of(self, origins: Origins) -> Sqlite {
        let names = Arc::new(Names::new(origins, &self.path));
        // A queue of its own: the same dataset may have another name in the tables.
        Sqlite { names, queue: Arc::default(), ..self }
    }

    /// When any of the config's datasets was last written to, if ever.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn newest_run(&self) -> Result<Option<Timestamp>, HistoryError> {
        self.with(|connection, names| names.newest_run(connection)).await
    }

    /// The config's datasets, or their splits, whose only histories are at other places, with one of those each.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn elsewhere(&self) -> Result<Vec<(String, String)>, HistoryError> {
        self.with(|connection, names| names.elsewhere(connection)).await
    }

    /// Where a dataset has its objects according to this config.
    pub fn place(&self, dataset: &str) -> Option<&str> {
        self.names.place(dataset)
    }

    /// Every history in the file, of this config and of others. A history that no place has claimed yet has an empty
    /// place.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn all(&self) -> Result<Vec<Origin>, HistoryError> {
        self.with(|connection, _| origin::all(connection)).await
    }

    /// Gives a dataset the history at `from`. The history at its current place is kept under `from`, so that a second
    /// exchange undoes the first.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn exchange(&self, dataset: &str, from: &str) -> Result<(), HistoryError> {
        let (dataset, from) = (dataset.to_owned(), from.to_owned());
        self.change(move |transaction, names| names.exchange(transaction, &dataset, &from)).await
    }

    /// Starts a new history for a dataset. The old one stays in the file, under a place that says so.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub async fn give_up(&self, dataset: &str, at: Timestamp) -> Result<(), HistoryError> {
        let dataset = dataset.to_owned();
        self.change(move |transaction, names| names.give_up(transaction, &dataset, at)).await
    }

    /// Runs `work` in one transaction.
    pub(super) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &Names) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, HistoryError> {
        self.with(|connection, names| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&transaction, names)?;
            transaction.commit()?;
            Ok(done)
        })
        .await
    }

    /// Reads what there is for a dataset, under its name in the tables; the default if it has none.
    pub(super) async fn read<T: Default + Send + 'static>(
        &self,
        dataset: &str,
        read: impl FnOnce(&Connection, &str) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let dataset = dataset.to_owned();
        self.with(move |connection, names| match names.key(connection, &dataset)?.of(&dataset) {
            Some(key) => read(connection, &key),
            None => Ok(T::default()),
        })
        .await
    }

    /// Runs `work` on the connection, off the async threads.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &Names) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, HistoryError> {
        let (open, names) = (Arc::clone(&self.open), Arc::clone(&self.names));
        let (place, shown) = (self.path.display().to_string(), self.path.display().to_string());
        let done = tokio::task::spawn_blocking(move || {
            let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
            let outcome = work(&mut open.connection, &names);
            if let Err(fault) = &outcome {
                fault.wait_no_more(&open.connection);
            }
            outcome.map_err(|fault| fault.at(place))
        });
        match done.await {
            Ok(outcome) => outcome,
            Err(error) => Err(HistoryError::Unusable { place: shown, source: error.into() }),
        }
    }
}
