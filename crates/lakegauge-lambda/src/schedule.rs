//! Called by the scheduler, at deadlines and at ticks.

use jiff::Timestamp;
use lakegauge_watch::{Failures, Round, Summary};
use serde::Deserialize;

use crate::reach::Deployment;

/// The input of the function.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "lakegauge", rename_all = "lowercase")]
pub enum Called {
    /// A deadline has come.
    Deadline {
        /// The scheduled time; may be left out when called by hand.
        at: Option<Timestamp>,
        /// The time zone of the schedule, for people.
        zone: Option<String>,
    },
    /// The regular tick.
    Tick {
        /// The scheduled time.
        at: Option<Timestamp>,
    },
}

/// Handles one call.
///
/// # Errors
/// If a dataset's state or lake could not be read, or CloudWatch did not answer; everything else is done first. The
/// function's own `Errors` metric counts it.
pub async fn schedule(deployment: &Deployment, called: &Called) -> Result<Summary, Failures> {
    let round = match called {
        Called::Deadline { at, .. } => Round::Deadline(at.unwrap_or_else(|| deployment.watcher.now())),
        Called::Tick { .. } => Round::Tick,
    };
    deployment.watcher.round(&deployment.config.datasets, round).await
}
