//! lakegauge serves serverless: thin handlers around the pipeline.
//!
//! Three functions come from one binary. `schedule` is called at deadlines and at ticks, `objects` with what S3 says of its
//! objects, `alarm` when an alarm fires whose dataset has a remedy. The first two ask `watch` whether a dataset is worth a look; [`Ports::attend`] then runs the one pipeline, records,
//! and puts what is to be told of the verdict into the outbox; `outbox` hands that to CloudWatch, and whatever could not
//! be told is told at the next tick. What a verdict asks to have run waits in the `ledger` for the function `alarm`.
//!
//! Reading order: `environment` and `config` (what a deployment is), `watch` (pure: when to look), `attend`, `outbox`,
//! `objects`, `schedule` and `remedy` (the handlers), `splits` (what a dataset stands for), `reach` (how the world is
//! opened).

mod attend;
mod clock;
mod config;
mod environment;
mod ledger;
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
pub use ledger::Ledger;
pub use objects::objects;
pub use reach::{Connections, Deployment, OpenError};
pub use remedy::{Remedied, RemedyRunner, remedy};
pub use schedule::{Called, Failures, schedule};
pub use sink::Sink;
pub use splits::Memory;
pub use summary::Summary;
pub use watch::{Notices, Reason, Watch};
