//! The book of functions: documents, each with its attention, that any number of functions write.

use async_trait::async_trait;
use lakegauge_core::delivery::Deliveries;
use lakegauge_engine::{History, HistoryError, Outbox};
use lakegauge_history::{Documents, OneRun};

use crate::attention::Attention;
use crate::book::{Book, Ending, Noting, Visit};

#[async_trait]
impl Book for Documents<Attention> {
    fn history(&self) -> &dyn History {
        self
    }

    fn outbox(&self) -> &dyn Outbox {
        self
    }

    async fn visit(&self, dataset: &str, likely: bool) -> Result<Box<dyn Visit>, HistoryError> {
        Ok(Box::new(self.one_run(dataset, likely).await?))
    }

    async fn note(&self, dataset: &str, change: &Noting<'_>) -> Result<(), HistoryError> {
        self.update(dataset, change).await.map(drop)
    }

    fn holds(&self, dataset: &str) -> bool {
        Documents::holds(self, dataset)
    }
}

#[async_trait]
impl Visit for OneRun<Attention> {
    fn history(&self) -> &dyn History {
        self
    }

    fn attention(&self) -> &Attention {
        self.beside()
    }

    fn deliveries(&self) -> &Deliveries {
        OneRun::deliveries(self)
    }

    async fn finish(&self, change: &Ending<'_>) -> Result<Deliveries, HistoryError> {
        Ok(OneRun::finish(self, change).await?.deliveries)
    }
}
