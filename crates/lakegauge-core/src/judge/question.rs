//! What a judgement depends on.

use jiff::Timestamp;

use crate::dataset::Dataset;
use crate::observation::Observation;
use crate::record::Records;
use crate::scope::Wanted;
use crate::standing::Standing;

/// Everything that a judgement depends on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// What history knows about it.
    pub records: &'a Records,
    /// What this look saw.
    pub observation: &'a Observation,
    /// What was wrong with it after the last look.
    pub standing: &'a Standing,
    /// Which partitions to report on.
    pub wanted: &'a Wanted,
    /// The time for which it is judged.
    pub now: Timestamp,
}
