//! Time for the handlers.

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_engine::Clock;

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wall;

#[async_trait]
impl Clock for Wall {
    #[expect(clippy::disallowed_methods, reason = "the functions read the time only here")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn until(&self, at: Timestamp) {
        let left = at.duration_since(self.now());
        if let Ok(left) = std::time::Duration::try_from(left) {
            tokio::time::sleep(left).await;
        }
    }
}
