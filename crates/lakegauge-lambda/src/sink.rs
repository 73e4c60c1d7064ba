//! The destination of metrics.

use async_trait::async_trait;
use lakegauge_aws::{CloudWatch, Unsent};
use lakegauge_core::publish::Datum;

/// Accepts metric values.
#[async_trait]
pub trait Sink: Send + Sync {
    /// Sends `data` of one namespace.
    ///
    /// # Errors
    ///
    /// Lists the values that were not accepted; the others were.
    async fn put(&self, namespace: &str, data: &[Datum]) -> Result<(), Unsent>;
}

#[async_trait]
impl Sink for CloudWatch {
    async fn put(&self, namespace: &str, data: &[Datum]) -> Result<(), Unsent> {
        CloudWatch::put(self, namespace, data).await
    }
}
