//! The port to the time.

use async_trait::async_trait;
use jiff::Timestamp;

/// Gives the time, and waits.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> Timestamp;

    /// Returns at `at`, or at once if it has passed.
    async fn until(&self, at: Timestamp);
}
