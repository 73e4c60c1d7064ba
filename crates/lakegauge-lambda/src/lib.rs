//! The AWS Lambda functions: thin handlers around what watches.
//!
//! One binary has three functions. `schedule` is called at deadlines and ticks, `objects` with S3 events, and `alarm`
//! when an alarm fires whose dataset has a remedy. Each turns what it was called with into a reason to look, or to run
//! what waits, and asks the [`Watcher`](lakegauge_watch::Watcher).
//!
//! Reading order: `environment` and `config` (what a deployment is), `reach` (opens the connections), `objects`,
//! `schedule` and `remedy` (the handlers).

mod clock;
mod config;
mod environment;
mod objects;
mod reach;
mod remedy;
mod schedule;
mod wire;

pub use clock::Wall;
pub use config::{ConfigError, assemble};
pub use environment::{Environment, EnvironmentError, Handler};
pub use objects::objects;
pub use reach::{Connections, Deployment, OpenError};
pub use remedy::{Remedied, remedy};
pub use schedule::{Called, schedule};
