//! The AWS Lambda functions: thin handlers around the pipeline.
//!
//! One binary has three functions. `schedule` is called at deadlines and ticks, `objects` with S3 events, and `alarm`
//! when an alarm fires whose dataset has a remedy. The first two ask `watch` whether a dataset is worth a look. Then
//! [`Ports::attend`] runs the pipeline, which records the verdicts together with what follows from them; `outbox` sends
//! the values to CloudWatch, and a later tick sends what could not be sent. Runs of remedies wait for the function
//! `alarm`.
//!
//! Reading order: `environment` and `config` (what a deployment is), `watch` (pure: when to look), `attend`, `outbox`,
//! `objects`, `schedule` and `remedy` (the handlers), `splits` and `memory` (the datasets or splits of a call), `reach` (opens the
//! connections).

mod attend;
mod clock;
mod config;
mod environment;
mod memory;
mod objects;
mod outbox;
mod reach;
mod remedy;
mod schedule;
mod sink;
mod splits;
mod summary;
mod wake;
mod watch;
mod wire;

pub use attend::{Attended, Failed, Ports, Recalled};
pub use clock::{Clock, Wall};
pub use config::{ConfigError, assemble};
pub use environment::{Environment, EnvironmentError, Handler};
pub use memory::Memory;
pub use objects::objects;
pub use reach::{Connections, Deployment, OpenError};
pub use remedy::{Remedied, RemedyRunner, remedy};
pub use schedule::{Called, Failures, schedule};
pub use sink::Sink;
pub use summary::Summary;
pub use watch::{Notices, Reason, Watch};
