//! lakegauge conducts.
//!
//! The ports ([`Lake`], [`History`], [`Credentials`]) behind which the world lies, and the one pipeline ([`run`]) that the command
//! line, the daemon and the Lambda call alike: observe, merge, judge, record. A [`Trigger`](Ask) narrows what is
//! looked at and never informs what is said.

mod bug;
mod credentials;
mod history;
mod lake;
mod notes;
mod pipeline;
mod run;
mod splits;

pub use bug::{Bug, caught, guarded, kept};
pub use credentials::{Anonymous, Credential, Credentials, Fixed, NoCredentials};
pub use history::{Changes, History, HistoryError, StoredStatus, Transition};
pub use lake::{Lake, Look, Scope};
pub use pipeline::{Ask, Outcome, RunError};
pub use run::run;
pub use splits::{Instances, instances, listed, remembered, unseen};
