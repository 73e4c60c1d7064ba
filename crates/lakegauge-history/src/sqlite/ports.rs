//! The engine's ports, over the file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::delivery::{Deliveries, Step, Taken};
use lakegauge_core::metric::Metric;
use lakegauge_core::record::Records;
use lakegauge_core::standing::{Change, Standing};
use lakegauge_engine::{Changes, History, HistoryError, Outbox};
use rusqlite::params;
use tokio::sync::oneshot;

use super::history::Sqlite;
use super::rows::{self, instant, nanoseconds};
use super::writer::Commit;

#[async_trait]
impl History for Sqlite {
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError> {
        let dataset = dataset.to_owned();
        self.with(move |connection, names| names.splits(connection, &dataset)).await
    }

    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(dataset, move |connection, key| rows::records(connection, key, limit)).await
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        self.read(dataset, |connection, key| {
            let mut statement = connection.prepare_cached("SELECT at FROM run WHERE dataset = ?1")?;
            let mut rows = statement.query(params![key])?;
            rows.next()?.map(|row| instant("when it was last written to", row.get(0)?)).transpose()
        })
        .await
    }

    async fn standing(&self, dataset: &str) -> Result<Standing, HistoryError> {
        self.read(dataset, rows::standing).await
    }

    async fn changes(&self, dataset: &str, since: Option<Timestamp>) -> Result<Vec<Change>, HistoryError> {
        let since = since.map_or(i64::MIN, nanoseconds);
        let sql = "SELECT document FROM change WHERE dataset = ?1 AND at >= ?2 ORDER BY id";
        self.read(dataset, move |connection, key| {
            rows::documents(connection, sql, params![key, since], "a change of an alarm")
        })
        .await
    }

    async fn raised_in_splits(
        &self,
        dataset: &str,
    ) -> Result<BTreeMap<String, BTreeSet<Metric>>, HistoryError> {
        let mut raised = BTreeMap::new();
        for split in self.splits(dataset).await? {
            let metrics = self.standing(&split).await?.metrics();
            if !metrics.is_empty() {
                raised.insert(split, metrics);
            }
        }
        Ok(raised)
    }

    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let (done, outcome) = oneshot::channel();
        self.queue.push(Commit { dataset: dataset.to_owned(), changes: changes.clone(), now, done });
        let queue = Arc::clone(&self.queue);
        self.with(move |connection, names| {
            queue.write(connection, names);
            Ok(())
        })
        .await?;
        let place = self.path.display().to_string();
        match outcome.await {
            Ok(outcome) => outcome.map_err(|fault| fault.at(place)),
            Err(error) => Err(HistoryError::Unusable { place, source: error.into() }),
        }
    }
}

#[async_trait]
impl Outbox for Sqlite {
    async fn deliveries(&self, dataset: &str) -> Result<Deliveries, HistoryError> {
        self.read(dataset, rows::deliveries).await
    }

    async fn hand_out(&self, dataset: &str, step: &Step) -> Result<Taken, HistoryError> {
        let (dataset, step) = (dataset.to_owned(), step.clone());
        self.change(move |transaction, names| {
            let Some(key) = names.key(transaction, &dataset)?.of(&dataset) else {
                return Ok(Taken::default());
            };
            let before = rows::deliveries(transaction, &key)?;
            let (after, taken) = before.after(&step);
            if after != before {
                rows::deliver(transaction, &key, &after)?;
            }
            Ok(taken)
        })
        .await
    }
}
