//! The splits of a dataset on a shelf, and a document that says which of them have raised alarms: asking every split
//! would be a request each.
//!
//! The document says at least what stands: an alarm is added before it is recorded, and removed after its end is.

use std::collections::{BTreeMap, BTreeSet};

use lakegauge_core::metric::Metric;
use lakegauge_core::name::{Name, is_split_of};
use lakegauge_engine::HistoryError;

use super::recent::RECENT;
use super::shelf::Shelf;

/// The kind of the document, by the dataset's name.
const RAISED: &str = "raised";

type Raised = BTreeMap<String, BTreeSet<Metric>>;

/// The names of the splits of `dataset` that have a document on `shelf`.
pub(super) async fn splits_on(shelf: &Shelf, dataset: &str) -> Result<Vec<String>, HistoryError> {
    let mut names = shelf.names(RECENT, dataset).await?;
    names.retain(|name| is_split_of(name, dataset));
    names.sort_unstable();
    Ok(names)
}

/// The metrics that are raised in each split of `dataset`.
pub(super) async fn raised(shelf: &Shelf, dataset: &str) -> Result<Raised, HistoryError> {
    shelf.read(RAISED, dataset).await
}

/// Before a write after which these metrics are raised in a split. Anything that is no split needs nothing.
pub(super) async fn add_raised(
    shelf: &Shelf,
    split: &str,
    metrics: &BTreeSet<Metric>,
) -> Result<(), HistoryError> {
    change(shelf, split, |before| before.union(metrics).copied().collect()).await
}

/// After that write.
pub(super) async fn set_raised(
    shelf: &Shelf,
    split: &str,
    metrics: &BTreeSet<Metric>,
) -> Result<(), HistoryError> {
    change(shelf, split, |_| metrics.clone()).await
}

async fn change(
    shelf: &Shelf,
    split: &str,
    change: impl Fn(&BTreeSet<Metric>) -> BTreeSet<Metric> + Send,
) -> Result<(), HistoryError> {
    let name = Name::read(split);
    if !name.is_split() {
        return Ok(());
    }
    let nothing = BTreeSet::new();
    let next = |all: &Raised| {
        let before = all.get(split).unwrap_or(&nothing);
        let after = change(before);
        let mut next = all.clone();
        match after.is_empty() {
            true => drop(next.remove(split)),
            false => drop(next.insert(split.to_owned(), after)),
        }
        (next != *all).then_some(next)
    };
    shelf.update(RAISED, name.base(), next).await.map(drop)
}
