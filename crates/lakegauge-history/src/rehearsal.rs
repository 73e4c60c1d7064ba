//! What would be remembered: a history to read, and nothing that is written reaches it.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::metric::{Metric, Sample};
use lakegauge_core::record::Records;
use lakegauge_engine::{Changes, History, HistoryError, StoredStatus, Transition};
use tokio::sync::Mutex;

use crate::memory::Memory;

/// History that begins as another one stands and ends with the process, for runs at an instant that is not now.
pub struct Rehearsal {
    real: Arc<dyn History>,
    copy: Memory,
    copied: Mutex<BTreeSet<String>>,
}

impl Rehearsal {
    /// A rehearsal that begins as `real` stands. Each dataset is copied when it is first asked for.
    pub fn new(real: Arc<dyn History>) -> Rehearsal {
        Rehearsal { real, copy: Memory::default(), copied: Mutex::default() }
    }

    async fn of(&self, dataset: &str) -> Result<&Memory, HistoryError> {
        let mut copied = self.copied.lock().await;
        if !copied.contains(dataset) {
            if let Some(last) = self.real.last_run(dataset).await? {
                self.copy.commit(dataset, &self.all(dataset).await?, last).await?;
            }
            copied.insert(dataset.to_owned());
        }
        Ok(&self.copy)
    }

    /// Everything that is known of a dataset, as one change.
    async fn all(&self, dataset: &str) -> Result<Changes, HistoryError> {
        let records = self.real.records(dataset, usize::MAX).await?;
        let marks = records.iter().filter(|(_, record)| record.mark.is_some());
        let mut all = Changes {
            marks: marks.map(|(partition, record)| (*partition, record.mark.clone())).collect(),
            records: Vec::new(),
            samples: Vec::new(),
            statuses: self.real.statuses(dataset).await?,
            transitions: self.real.transitions(dataset, None).await?,
        };
        for metric in Metric::ALL {
            all.samples.extend(self.real.samples(dataset, *metric, None).await?);
        }
        all.records = records.into_values().collect();
        Ok(all)
    }
}

#[async_trait]
impl History for Rehearsal {
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError> {
        let mut names: BTreeSet<String> = self.real.splits(dataset).await?.into_iter().collect();
        names.extend(self.copy.splits(dataset).await?);
        Ok(names.into_iter().collect())
    }

    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError> {
        self.of(dataset).await?.records(dataset, limit).await
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        self.of(dataset).await?.last_run(dataset).await
    }

    async fn samples(
        &self,
        dataset: &str,
        metric: Metric,
        since: Option<Timestamp>,
    ) -> Result<Vec<Sample>, HistoryError> {
        self.of(dataset).await?.samples(dataset, metric, since).await
    }

    async fn statuses(&self, dataset: &str) -> Result<Vec<StoredStatus>, HistoryError> {
        self.of(dataset).await?.statuses(dataset).await
    }

    async fn transitions(
        &self,
        dataset: &str,
        since: Option<Timestamp>,
    ) -> Result<Vec<Transition>, HistoryError> {
        self.of(dataset).await?.transitions(dataset, since).await
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        self.of(dataset).await?.commit(dataset, changes, now).await
    }
}
