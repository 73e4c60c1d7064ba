//! Runs whose history fails: they continue from the lake alone, and the failures are reported at their end.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::metric::Metric;
use lakegauge_core::record::Records;
use lakegauge_core::standing::{Change, Standing};
use lakegauge_engine::{Changes, History, HistoryError};

use crate::memory::Memory;
use crate::rehearsal::Rehearsal;

/// A history that never fails. What cannot be read counts as unknown; what cannot be written is kept until the process
/// ends. Both are recorded as [`Failure`]s.
///
/// A dataset whose rows cannot be read is only written in memory: damaged data is left unchanged for repair.
pub struct Standby {
    /// `None` if it could not be opened.
    real: Option<Arc<dyn History>>,
    /// The real history with what could not be written to it.
    added: Rehearsal,
    /// Datasets whose history could not be read.
    alone: Memory,
    state: Mutex<State>,
}

/// What failed so far.
#[derive(Default)]
struct State {
    failures: Vec<Failure>,
    /// Datasets whose history could not be read.
    unread: BTreeSet<String>,
    /// Nothing is read any more.
    blind: bool,
    /// Nothing is written any more.
    closed: bool,
}

/// An operation of the history that failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The dataset; `None`: everything from then on.
    pub dataset: Option<String>,
    /// What the run lost because of it.
    pub lost: Lost,
    /// Why.
    pub error: Arc<HistoryError>,
}

/// What a run loses if its history fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// What was known before: the verdicts are based on the lake alone, and nothing is saved.
    Past,
    /// Its findings: the verdicts are complete, but not saved.
    Findings,
}

/// The future of an answer.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, HistoryError>> + Send + 'a>>;

impl Standby {
    /// Over a history that has not failed so far.
    pub fn over(real: Arc<dyn History>) -> Standby {
        let added = Rehearsal::new(Arc::clone(&real));
        Standby { real: Some(real), added, alone: Memory::default(), state: Mutex::default() }
    }

    /// Over a history that can be read but not written, because of `error`.
    pub fn over_unwritable(real: Arc<dyn History>, error: HistoryError) -> Standby {
        let standby = Standby::over(real);
        standby.state().fail(None, Lost::Findings, error);
        standby
    }

    /// In place of a history that cannot be opened because of `error`. `lost` is the past, unless there is none yet.
    pub fn without(error: HistoryError, lost: Lost) -> Standby {
        let nothing = Rehearsal::new(Arc::new(Memory::default()));
        let standby =
            Standby { real: None, added: nothing, alone: Memory::default(), state: Mutex::default() };
        standby.state().fail(None, lost, error);
        standby
    }

    /// The failures so far, in order.
    pub fn failures(&self) -> Vec<Failure> {
        self.state().failures.clone()
    }

    /// Whether the dataset, unlike others, is judged without its history.
    pub fn is_without(&self, dataset: &str) -> bool {
        self.state().unread.contains(dataset)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer of the real history; if that fails, the answer from what this run itself has found.
    async fn read<'a, T>(
        &'a self,
        dataset: &'a str,
        ask: impl Fn(&'a dyn History) -> Answer<'a, T> + Send + Sync,
    ) -> Result<T, HistoryError> {
        if !self.state().is_unread(dataset) {
            match ask(&self.added).await {
                Ok(answer) => return Ok(answer),
                Err(error) => self.state().fail(Some(dataset), Lost::Past, error),
            }
        }
        ask(&self.alone).await
    }
}

impl State {
    fn is_unread(&self, dataset: &str) -> bool {
        self.blind || self.unread.contains(dataset)
    }

    /// Records a failure. Damage affects its dataset only; after any other failure the operation is not tried again.
    fn fail(&mut self, dataset: Option<&str>, lost: Lost, error: HistoryError) {
        let of_one = matches!(error, HistoryError::Damaged { .. } | HistoryError::DamagedRow { .. });
        let dataset = dataset.filter(|_| of_one).map(str::to_owned);
        // After any failure other than a damaged row, nothing more is written.
        self.closed |= !matches!(error, HistoryError::DamagedRow { .. });
        if lost == Lost::Past {
            match &dataset {
                Some(dataset) => drop(self.unread.insert(dataset.clone())),
                None => self.blind = true,
            }
        }
        let known = self.failures.iter().any(|f| f.dataset == dataset && f.lost == lost);
        if !known {
            self.failures.push(Failure { dataset, lost, error: Arc::new(error) });
        }
    }
}

#[async_trait]
impl History for Standby {
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError> {
        self.read(dataset, |history| history.splits(dataset)).await
    }

    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError> {
        self.read(dataset, |history| history.records(dataset, limit)).await
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        self.read(dataset, |history| history.last_run(dataset)).await
    }

    async fn standing(&self, dataset: &str) -> Result<Standing, HistoryError> {
        self.read(dataset, |history| history.standing(dataset)).await
    }

    async fn changes(&self, dataset: &str, since: Option<Timestamp>) -> Result<Vec<Change>, HistoryError> {
        self.read(dataset, |history| history.changes(dataset, since)).await
    }

    async fn raised_in_splits(
        &self,
        dataset: &str,
    ) -> Result<BTreeMap<String, BTreeSet<Metric>>, HistoryError> {
        self.read(dataset, |history| history.raised_in_splits(dataset)).await
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        if self.state().is_unread(dataset) {
            return self.alone.commit(dataset, changes, now).await;
        }
        let real = self.real.as_ref().filter(|_| !self.state().closed);
        if let Some(real) = real {
            match real.commit(dataset, changes, now).await {
                Ok(()) => return Ok(()),
                Err(error @ HistoryError::Outrun { .. }) => return Err(error),
                Err(error) => self.state().fail(Some(dataset), Lost::Findings, error),
            }
        }
        self.added.commit(dataset, changes, now).await
    }
}
