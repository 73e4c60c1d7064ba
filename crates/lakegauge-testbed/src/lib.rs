//! Real servers for tests.
//!
//! Each is started on free loopback ports, is waited for until it answers, and is stopped by its process id when its
//! handle is dropped. The programs come from the folder in `LAKEGAUGE_TOOLS`, by default `.tools` in the workspace.
//! [`FaultyProxy`] runs in front of a server and breaks its answers; [`Scripted`] answers what no server would;
//! [`Counted`] is a store in memory for tests that need no server.

mod azurite;
mod counted;
mod faulty;
mod gcs;
mod process;
mod s3;
mod scripted;
mod tools;

pub use azurite::{AZURITE_ACCOUNT, AZURITE_KEY, Azurite};
pub use counted::Counted;
pub use faulty::{Asked, Fault, FaultyProxy, draw};
pub use gcs::FakeGcs;
pub use s3::{ACCESS_KEY, S3Server, SECRET_KEY};
pub use scripted::{Reply, Scripted};
pub use tools::{TestbedError, python, tool};
