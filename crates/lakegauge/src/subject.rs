//! The subjects of a command: datasets, or the splits of a dataset.

use std::sync::Arc;

use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::observation::Gap;
use lakegauge_core::scope::Wanted;
use lakegauge_engine::{Outcome, unseen};

/// One line of a report.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// A dataset, or a split of one.
    pub(crate) dataset: Arc<Dataset>,
    /// Set if it represents unknown splits: the gaps because of which they could not be listed; empty if nothing
    /// matches the dataset's path.
    pub(crate) unseen: Option<Vec<Gap>>,
    /// Notes for its report.
    pub(crate) notes: Vec<String>,
}

impl Subject {
    /// A dataset, or a split, that can be looked at.
    pub(crate) fn of(dataset: Dataset) -> Subject {
        Subject { dataset: Arc::new(dataset), unseen: None, notes: Vec::new() }
    }

    /// The outcome if nothing can be looked at under this name.
    pub(crate) fn outcome_unseen(&self, wanted: &Wanted, now: Timestamp) -> Option<Outcome> {
        self.unseen.as_ref().map(|gaps| unseen(&self.dataset, gaps.clone(), wanted, now))
    }

    /// Adds the notes to the outcome of a look.
    pub(crate) fn annotate(&self, outcome: &mut Outcome) {
        outcome.judgement.report.notes.extend(self.notes.iter().cloned());
    }
}
