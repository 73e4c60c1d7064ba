//! The pipeline of lakegauge.
//!
//! The ports to the outside world ([`Lake`], [`History`], [`Outbox`], [`Clock`], [`Sink`], [`Runner`], [`Credentials`]), and the one pipeline ([`run`]) that the
//! command line, the daemon and the Lambda all call: observe, merge, judge, record. A [trigger](Ask) only narrows
//! what is looked at; what is reported comes from the look.

mod bug;
mod clock;
mod credentials;
mod history;
mod lake;
mod pipeline;
mod run;
mod runner;
mod sink;
mod splits;

pub use bug::{Bug, caught, guarded, kept};
pub use clock::Clock;
pub use credentials::{Anonymous, Credential, Credentials, Fixed, NoCredentials};
pub use history::{Changes, Forget, History, HistoryError, Outbox};
pub use lake::{Lake, Look, Scope};
pub use pipeline::{Ask, Outcome, RunError};
pub use run::run;
pub use runner::{NotRun, Runner};
pub use sink::{Refusal, Sink, Unsent};
pub use splits::{Instances, instances, listed, remembered, unseen};
