//! The history as documents, two for each dataset: a small one that every look writes, and the past.
//!
//! A run's changes, and the data that its caller stores with them, go into the small document's [`Journal`] in one
//! compare-and-swap: a run is recorded completely or not at all, together with its consequences. From time to time the
//! journal is merged into the past.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::delivery::{Deliveries, Step, Taken};
use lakegauge_core::metric::Metric;
use lakegauge_core::record::Records;
use lakegauge_core::standing::{Change, Standing};
use lakegauge_engine::{Changes, History, HistoryError, Outbox};

use super::journal::Entry;
use super::past::Past;
use super::recent::{Beside, PAST, RECENT, Recent};
use super::run::OneRun;
use super::shelf::Shelf;
use super::splits::{add_raised, raised, set_raised, splits_on};
use crate::origins::Origins;

/// History in an object store, with a `B` stored with each dataset.
#[derive(Debug)]
pub struct Documents<B = ()> {
    shelf: Shelf,
    origins: Origins,
    beside: PhantomData<fn() -> B>,
}

impl<B: Beside> Documents<B> {
    /// History on `shelf`.
    pub fn new(shelf: Shelf) -> Documents<B> {
        Documents { shelf, origins: Origins::default(), beside: PhantomData }
    }

    /// The same history as one config sees it. A dataset whose objects were elsewhere before starts again, and its old
    /// history is overwritten.
    pub fn of(self, origins: Origins) -> Documents<B> {
        Documents { origins, ..self }
    }

    /// Reads the recent document of a dataset, for one run over it. With `ahead`, the past is read at the same time.
    ///
    /// # Errors
    /// If the store does not answer, or the document is damaged or newer than this program.
    pub async fn one_run(&self, dataset: &str, ahead: bool) -> Result<OneRun<B>, HistoryError> {
        // An error in the past is reported by the run that needs it.
        let past = async { if ahead { self.shelf.read::<Past>(PAST, dataset).await.ok() } else { None } };
        let (recent, past) = futures::join!(self.shelf.read(RECENT, dataset), past);
        Ok(OneRun::new(self.shelf.clone(), dataset, self.origins.place(dataset), recent?, past))
    }

    /// Whether this process has already read the recent document of a dataset.
    pub fn holds(&self, dataset: &str) -> bool {
        self.shelf.holds(RECENT, dataset)
    }

    /// Replaces the data stored with a dataset's history by the result of `change`; `None` leaves it unchanged.
    /// `change` may be called more than once, each time with the current data. Returns the stored data.
    ///
    /// # Errors
    /// As [`Documents::one_run`]; also if other writers keep winning the race.
    pub async fn update(
        &self,
        dataset: &str,
        mut change: impl FnMut(&B) -> Option<B>,
    ) -> Result<B, HistoryError> {
        let replace = |recent: &Recent<B>| {
            let recent = recent.at(self.origins.place(dataset));
            change(&recent.beside).map(|beside| Recent { beside, ..recent })
        };
        Ok(self.shelf.update(RECENT, dataset, replace).await?.beside)
    }

    async fn past(&self, dataset: &str) -> Result<Past, HistoryError> {
        self.one_run(dataset, true).await?.past().await
    }
}

impl<B> Clone for Documents<B> {
    fn clone(&self) -> Documents<B> {
        Documents { shelf: self.shelf.clone(), origins: self.origins.clone(), beside: PhantomData }
    }
}

#[async_trait]
impl<B: Beside> History for Documents<B> {
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError> {
        splits_on(&self.shelf, dataset).await
    }

    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError> {
        Ok(self.past(dataset).await?.records(limit))
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        Ok(self.past(dataset).await?.last_run)
    }

    async fn standing(&self, dataset: &str) -> Result<Standing, HistoryError> {
        Ok(self.past(dataset).await?.standing())
    }

    async fn changes(&self, dataset: &str, since: Option<Timestamp>) -> Result<Vec<Change>, HistoryError> {
        Ok(self.past(dataset).await?.changes(since))
    }

    async fn raised_in_splits(
        &self,
        dataset: &str,
    ) -> Result<BTreeMap<String, BTreeSet<Metric>>, HistoryError> {
        raised(&self.shelf, dataset).await
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let run = self.one_run(dataset, true).await?;
        let folded = run.folded().await?;
        let now_raised = changes.standing.as_ref().map(Standing::metrics);
        if let Some(now_raised) = &now_raised {
            add_raised(&self.shelf, dataset, now_raised).await?;
        }
        let append = |recent: &Recent<B>| {
            let recent = recent.at(self.origins.place(dataset));
            let entry = Entry::new(recent.journal.last.max(folded) + 1, changes, now);
            let mut deliveries = recent.deliveries.clone();
            changes.orders.iter().for_each(|orders| deliveries.record(orders));
            Some(Recent { journal: recent.journal.with(&[entry], folded), deliveries, ..recent })
        };
        let recent = self.shelf.update(RECENT, dataset, append).await?;
        if let Some(now_raised) = &now_raised {
            set_raised(&self.shelf, dataset, now_raised).await?;
        }
        if recent.journal.is_long() { self.one_run(dataset, true).await?.fold().await } else { Ok(()) }
    }
}

#[async_trait]
impl<B: Beside> Outbox for Documents<B> {
    async fn deliveries(&self, dataset: &str) -> Result<Deliveries, HistoryError> {
        Ok(self.one_run(dataset, false).await?.deliveries().clone())
    }

    async fn hand_out(&self, dataset: &str, step: &Step) -> Result<Taken, HistoryError> {
        let mut taken = Taken::default();
        let next = |recent: &Recent<B>| {
            let recent = recent.at(self.origins.place(dataset));
            let (deliveries, took) = recent.deliveries.after(step);
            taken = took;
            (deliveries != recent.deliveries).then_some(Recent { deliveries, ..recent })
        };
        self.shelf.update(RECENT, dataset, next).await?;
        Ok(taken)
    }
}
