//! The history over documents: one for each dataset, so that a run is recorded whole or not at all.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::metric::{Metric, Sample};
use lakegauge_core::record::Records;
use lakegauge_engine::{Changes, History, HistoryError, StoredStatus, Transition};

use super::past::Past;
use super::shelf::{Shelf, Standing};

/// The kind of document that a dataset's past is.
const KIND: &str = "past";

/// History in an object store.
#[derive(Clone, Debug)]
pub struct Documents {
    shelf: Shelf,
}

impl Documents {
    /// History on `shelf`.
    pub fn new(shelf: Shelf) -> Documents {
        Documents { shelf }
    }

    /// A history for one run of each dataset: it reads a document once, and its commit fails with
    /// [`HistoryError::Outrun`] when another run has written since, so that what both have seen is not told twice.
    pub fn one_run(&self) -> OneRun {
        OneRun { shelf: self.shelf.clone(), read: Mutex::default() }
    }

    async fn past(&self, dataset: &str) -> Result<Past, HistoryError> {
        self.shelf.read(KIND, dataset).await
    }
}

#[async_trait]
impl History for Documents {
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
        self.shelf.update(KIND, dataset, |past: &Past| Some(past.with(changes, now))).await.map(drop)
    }
}

/// What [`Documents::one_run`] gives.
#[derive(Debug)]
pub struct OneRun {
    shelf: Shelf,
    read: Mutex<HashMap<String, Standing<Past>>>,
}

impl OneRun {
    /// Reads what there is of a dataset, before the run asks for it.
    ///
    /// # Errors
    /// As a run's own reading.
    pub async fn read_ahead(&self, dataset: &str) -> Result<(), HistoryError> {
        self.standing(dataset).await.map(drop)
    }

    async fn standing(&self, dataset: &str) -> Result<Standing<Past>, HistoryError> {
        let read = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(standing) = read().get(dataset) {
            return Ok(standing.clone());
        }
        let standing: Standing<Past> = self.shelf.stands(KIND, dataset).await?;
        read().insert(dataset.to_owned(), standing.clone());
        Ok(standing)
    }
}

#[async_trait]
impl History for OneRun {
    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError> {
        Ok(self.standing(dataset).await?.page.body.records(limit))
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        Ok(self.standing(dataset).await?.page.body.last_run)
    }

    async fn samples(
        &self,
        dataset: &str,
        metric: Metric,
        since: Option<Timestamp>,
    ) -> Result<Vec<Sample>, HistoryError> {
        Ok(self.standing(dataset).await?.page.body.samples(metric, since))
    }

    async fn statuses(&self, dataset: &str) -> Result<Vec<StoredStatus>, HistoryError> {
        Ok(self.standing(dataset).await?.page.body.statuses())
    }

    async fn transitions(
        &self,
        dataset: &str,
        since: Option<Timestamp>,
    ) -> Result<Vec<Transition>, HistoryError> {
        Ok(self.standing(dataset).await?.page.body.transitions(since))
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let standing = self.standing(dataset).await?;
        self.read.lock().unwrap_or_else(PoisonError::into_inner).remove(dataset);
        let past = standing.page.body.with(changes, now);
        match self.shelf.replace(KIND, dataset, standing, past).await? {
            true => Ok(()),
            false => Err(HistoryError::Outrun { place: self.shelf.shown(KIND, dataset) }),
        }
    }
}
