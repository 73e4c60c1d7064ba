//! The small document of a dataset, which every look writes.

use lakegauge_core::delivery::Deliveries;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::journal::Journal;

/// The kinds of documents of a dataset.
pub(super) const PAST: &str = "past";
pub(super) const RECENT: &str = "recent";

/// Data that may be stored with a dataset's history.
pub trait Beside: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static {}

impl<B: Serialize + DeserializeOwned + Default + Clone + Send + Sync + 'static> Beside for B {}

/// The small document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Recent<B> {
    pub(super) journal: Journal,
    pub(super) beside: B,
    #[serde(default, skip_serializing_if = "Deliveries::is_empty")]
    pub(super) deliveries: Deliveries,
    /// Where the dataset has its objects, once a caller has given it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<String>,
}

impl<B: Beside> Recent<B> {
    /// This document for a dataset whose objects are at `place`: if they were elsewhere before, it is empty except for
    /// the entry numbers.
    pub(super) fn at(&self, place: Option<&str>) -> Recent<B> {
        let Some(place) = place else { return self.clone() };
        let is_other = self.place.as_deref().is_some_and(|was| was != place);
        let place = Some(place.to_owned());
        match is_other {
            true => Recent { journal: self.journal.begun_anew(), place, ..Recent::default() },
            false => Recent { place, ..self.clone() },
        }
    }
}
