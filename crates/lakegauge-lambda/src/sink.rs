//! Where metrics go.

use async_trait::async_trait;
use lakegauge_aws::{CloudWatch, Unsent};
use lakegauge_core::publish::Datum;

/// Takes the values of metrics.
#[async_trait]
pub trait Sink: Send + Sync {
    /// Takes `data` of one namespace.
    ///
    /// # Errors
    /// Says which were not taken; the others were.
    async fn put(&self, namespace: &str, data: &[Datum]) -> Result<(), Unsent>;
}

#[async_trait]
impl Sink for CloudWatch {
    async fn put(&self, namespace: &str, data: &[Datum]) -> Result<(), Unsent> {
        CloudWatch::put(self, namespace, data).await
    }
}
