//! What watches, and its errors.

use std::sync::Arc;

use jiff::Timestamp;
use lakegauge_core::delivery::Destinations;
use lakegauge_core::observation::Gap;
use lakegauge_engine::{Clock, HistoryError, Lake, Sink};

use crate::book::Book;
use crate::known::Known;

/// Datasets handled in parallel.
pub(crate) const ABREAST: usize = 16;

/// What watches, over the ports to the outside world.
#[derive(Clone)]
pub struct Watcher {
    /// The lake.
    pub lake: Arc<dyn Lake>,
    /// The history, and when to look.
    pub book: Arc<dyn Book>,
    /// The destination of metrics.
    pub sink: Arc<dyn Sink>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where verdicts go.
    pub to: Destinations,
    /// The name of the deployment in its heartbeat.
    pub deployment: String,
    /// The splits that this process knows.
    pub known: Known,
}

impl Watcher {
    /// The instant now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Why a dataset could not be handled.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The state could not be read or written.
    #[error("the state of dataset `{dataset}` failed")]
    State {
        /// The dataset.
        dataset: String,
        /// The cause.
        #[source]
        source: HistoryError,
    },
    /// The lake could not be seen well enough.
    #[error("dataset `{dataset}` could not be seen: {gaps}")]
    Unseen {
        /// The dataset.
        dataset: String,
        /// What could not be seen, why, and what to do.
        gaps: String,
    },
}

impl Failed {
    /// This dataset could not be seen, if there are gaps.
    pub(crate) fn unseen(dataset: &str, gaps: &[Gap]) -> Option<Failed> {
        let said: Vec<String> = gaps.iter().map(ToString::to_string).collect();
        (!said.is_empty()).then(|| Failed::Unseen { dataset: dataset.to_owned(), gaps: said.join("; ") })
    }

    /// The state of this dataset failed.
    pub(crate) fn state(dataset: &str) -> impl FnOnce(HistoryError) -> Failed + '_ {
        move |source| Failed::State { dataset: dataset.to_owned(), source }
    }
}

/// The errors of a call. Every dataset was handled all the same.
#[derive(Debug, thiserror::Error)]
#[error("{} of {all} datasets: {}", .failures.len(), .failures.join("; "))]
pub struct Failures {
    /// The number of datasets that were handled.
    pub all: usize,
    /// The errors as text.
    pub failures: Vec<String>,
}
