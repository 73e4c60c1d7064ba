//! A history together with what decides when to look.

use async_trait::async_trait;
use lakegauge_core::delivery::Deliveries;
use lakegauge_engine::{History, HistoryError, Outbox};

use crate::attention::Attention;

/// What is noted; `None` if that changes nothing.
pub type Noting<'a> = dyn Fn(&Attention) -> Option<Attention> + Send + Sync + 'a;
/// The attention after a look.
pub type Ending<'a> = dyn Fn(&Attention) -> Attention + Send + Sync + 'a;

/// A history, its outbox, and the attention for each of its datasets.
#[async_trait]
pub trait Book: Send + Sync {
    /// The history.
    fn history(&self) -> &dyn History;

    /// Its outbox.
    fn outbox(&self) -> &dyn Outbox;

    /// Opens a dataset for one look. If the look is `likely`, what it needs may be read ahead.
    ///
    /// # Errors
    /// If it cannot be read.
    async fn visit(&self, dataset: &str, likely: bool) -> Result<Box<dyn Visit>, HistoryError>;

    /// Replaces the attention for a dataset by the result of `change`; `None` leaves it. `change` may be called more than
    /// once, each time with the current attention.
    ///
    /// # Errors
    /// If it cannot be written.
    async fn note(&self, dataset: &str, change: &Noting<'_>) -> Result<(), HistoryError>;

    /// Whether reading a dataset again is cheap, because it was read before.
    fn holds(&self, dataset: &str) -> bool;
}

/// One look at a dataset, from the decision to the end.
#[async_trait]
pub trait Visit: Send + Sync {
    /// The history for the pipeline.
    fn history(&self) -> &dyn History;

    /// The attention for the dataset when the visit began.
    fn attention(&self) -> &Attention;

    /// The deliveries of the dataset when the visit began.
    fn deliveries(&self) -> &Deliveries;

    /// Ends the look: what was committed stands, with the attention that `change` makes. Returns the deliveries.
    ///
    /// # Errors
    /// [`HistoryError::Outrun`] if another look has ended since this one began, and this one must decide again; otherwise
    /// if it cannot be written.
    async fn finish(&self, change: &Ending<'_>) -> Result<Deliveries, HistoryError>;
}
