//! The port to what repairs a partition.

use async_trait::async_trait;
use lakegauge_core::remediation::RemedyRun;
use lakegauge_core::remedy::Remedy;

/// Why a remedy did not run, and what to do, as a sentence without secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotRun(pub String);

/// Runs remedies.
#[async_trait]
pub trait Runner: Send + Sync {
    /// Runs one remedy. Repeating it is harmless: the receiver recognises it by the evidence's id.
    ///
    /// # Errors
    /// If it could not be run.
    async fn run(&self, remedy: &Remedy, run: &RemedyRun) -> Result<(), NotRun>;
}
