//! The history over documents, two for each dataset: a small one that every look writes, and the past.
//!
//! A run's changes and what its caller keeps beside them go into the small document's [`Journal`], by one compare-and-swap:
//! a run is recorded whole or not at all, and what follows from it with it. Now and then the journal is taken into the past.

use std::marker::PhantomData;

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::metric::{Metric, Sample};
use lakegauge_core::name::is_split_of;
use lakegauge_core::record::Records;
use lakegauge_engine::{Changes, History, HistoryError, StoredStatus, Transition};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::journal::{Entry, Journal};
use super::past::Past;
use super::run::OneRun;
use super::shelf::Shelf;
use crate::origins::Origins;

/// The kinds of document that a dataset has.
pub(super) const PAST: &str = "past";
pub(super) const RECENT: &str = "recent";

/// What may be kept beside a dataset's history.
pub trait Beside: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static {}

impl<B: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static> Beside for B {}

/// The small document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Recent<B> {
    pub(super) journal: Journal,
    pub(super) beside: B,
    /// Where the dataset has its objects, since somebody has said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<String>,
}

impl<B: Beside> Recent<B> {
    /// What it comes to for a dataset whose objects are at `place`: nothing but the numbers of its entries where they were
    /// elsewhere before.
    pub(super) fn at(&self, place: Option<&str>) -> Recent<B> {
        let Some(place) = place else { return self.clone() };
        let is_other = self.place.as_deref().is_some_and(|was| was != place);
        let place = Some(place.to_owned());
        match is_other {
            true => Recent { journal: self.journal.begun_anew(), beside: B::default(), place },
            false => Recent { place, ..self.clone() },
        }
    }
}

/// History in an object store, with a `B` beside each dataset's.
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

    /// The same history as one config sees it. A dataset whose objects were elsewhere before begins anew, and what was
    /// known of it is written over.
    pub fn of(self, origins: Origins) -> Documents<B> {
        Documents { origins, ..self }
    }

    /// Reads what is recent of a dataset, for one run over it. With `ahead`, the past is read at the same time.
    ///
    /// # Errors
    /// When the store does not answer, or what it has is torn or newer than this program.
    pub async fn one_run(&self, dataset: &str, ahead: bool) -> Result<OneRun<B>, HistoryError> {
        // What is wrong with the past, the run says that needs it.
        let past = async { if ahead { self.shelf.read::<Past>(PAST, dataset).await.ok() } else { None } };
        let (recent, past) = futures::join!(self.shelf.read(RECENT, dataset), past);
        Ok(OneRun::new(self.shelf.clone(), dataset, self.origins.place(dataset), recent?, past))
    }

    /// Whether this process has read already what is recent of a dataset.
    pub fn holds(&self, dataset: &str) -> bool {
        self.shelf.holds(RECENT, dataset)
    }

    /// Replaces what is kept beside a dataset's history by what `change` makes of it; `None` leaves it. `change` may be
    /// called more than once, each time with what stands then. Returns what is kept.
    ///
    /// # Errors
    /// As [`Documents::one_run`]; and when others go on being faster.
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

/// The names of the splits of `dataset` that have a document on `shelf`.
pub(super) async fn splits_on(shelf: &Shelf, dataset: &str) -> Result<Vec<String>, HistoryError> {
    let mut names = shelf.names(RECENT, dataset).await?;
    names.retain(|name| is_split_of(name, dataset));
    names.sort_unstable();
    Ok(names)
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

    async fn samples(
        &self,
        dataset: &str,
        metric: Metric,
        since: Option<Timestamp>,
    ) -> Result<Vec<Sample>, HistoryError> {
        Ok(self.past(dataset).await?.samples(metric, since))
    }

    async fn statuses(&self, dataset: &str) -> Result<Vec<StoredStatus>, HistoryError> {
        Ok(self.past(dataset).await?.statuses())
    }

    async fn transitions(
        &self,
        dataset: &str,
        since: Option<Timestamp>,
    ) -> Result<Vec<Transition>, HistoryError> {
        Ok(self.past(dataset).await?.transitions(since))
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let run = self.one_run(dataset, true).await?;
        let folded = run.folded().await?;
        let append = |recent: &Recent<B>| {
            let recent = recent.at(self.origins.place(dataset));
            let entry = Entry::new(recent.journal.last.max(folded) + 1, changes, now);
            Some(Recent { journal: recent.journal.with(&[entry], folded), ..recent })
        };
        let recent = self.shelf.update(RECENT, dataset, append).await?;
        if recent.journal.is_long() { self.one_run(dataset, true).await?.fold().await } else { Ok(()) }
    }
}
