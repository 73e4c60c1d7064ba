//! The entry point of the pipeline.

use crate::bug::guarded;
use crate::history::History;
use crate::lake::Lake;
use crate::pipeline::{self, Ask, Outcome, RunError};
use crate::splits::unseen;

/// Observes, judges, records: the only way in which lakegauge learns or reports anything. A panic becomes a gap of
/// this dataset, and nothing of that run is recorded.
///
/// # Errors
/// Only when history fails. What the lake does not show is a gap in the report.
pub async fn run(lake: &dyn Lake, history: &dyn History, ask: Ask<'_>) -> Result<Outcome, RunError> {
    match guarded(pipeline::run(lake, history, ask)).await {
        Ok(ran) => ran,
        Err(bug) => Ok(unseen(ask.dataset, vec![bug.gap(&ask.dataset.name)], ask.wanted, ask.now)),
    }
}
