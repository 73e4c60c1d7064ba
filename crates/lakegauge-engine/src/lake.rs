//! The port to the lake.

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::observation::{Neighbours, Observation};
use lakegauge_core::partition::Partition;
use lakegauge_core::splits::Listed;

/// How much of a dataset one look covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// These partitions, each by its own prefix.
    Partitions(Vec<Partition>),
    /// Everything from this partition on (everything there is when `None`), in one pass.
    Past {
        /// The oldest partition of interest.
        since: Option<Partition>,
    },
}

/// One look.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// How much of it.
    pub scope: &'a Scope,
    /// Objects written after this instant do not exist yet. Set when the past is replayed; `None` sees everything.
    pub as_of: Option<Timestamp>,
}

/// Looks at a lake.
#[async_trait]
pub trait Lake: Send + Sync {
    /// Looks, and returns what was seen. What could not be seen is a gap in the observation: a look never fails.
    async fn observe(&self, look: Look<'_>) -> Observation;

    /// Lists the splits of a dataset whose path has splitting keys; if the keys come after the date, those of its
    /// newest `dates`. As with a look, what could not be listed is a gap. A lake that cannot list returns none.
    async fn splits(&self, _dataset: &Dataset, _dates: usize) -> Listed {
        Listed::default()
    }

    /// Looks once at the level above a partition of the dataset that is missing: a changed name is the first thing
    /// that a person would look for. The scope is ignored. A lake without levels returns nothing.
    async fn neighbours(&self, _look: Look<'_>, _partition: Partition) -> Neighbours {
        Neighbours::default()
    }
}
