//! Real servers for tests.
//!
//! Each is started on free ports of the loopback, is told when it answers, and is stopped by its own process id
//! when its handle is dropped. The programs come from the folder that `LAKEGAUGE_TOOLS` names, `.tools` of the
//! workspace otherwise. [`FaultyProxy`] stands in front of a server and breaks what it answers;
//! [`Counted`] is a store in memory, where no server is needed.

mod azurite;
mod counted;
mod faulty;
mod gcs;
mod process;
mod s3;
mod tools;

pub use azurite::{AZURITE_ACCOUNT, AZURITE_KEY, Azurite};
pub use counted::Counted;
pub use faulty::{Asked, Fault, FaultyProxy, draw};
pub use gcs::FakeGcs;
pub use s3::{ACCESS_KEY, S3Server, SECRET_KEY};
pub use tools::{TestbedError, python, tool};
