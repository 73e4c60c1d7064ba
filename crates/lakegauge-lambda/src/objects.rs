//! Handles S3 events: takes a batch, and returns the messages that failed.

use lakegauge_cloudwatch::notice::{Batch, deliveries, fold};
use lakegauge_cloudwatch::publish::Place;
use lakegauge_watch::Failed;
use serde_json::{Value, json};

use crate::reach::Deployment;

/// Handles one batch. The answer has the form of `ReportBatchItemFailures`, so that only failed messages return to the
/// queue.
///
/// # Errors
/// If something failed that did not come from a queue, so that the caller sees it.
pub async fn objects(deployment: &Deployment, event: &Value) -> Result<Value, Failed> {
    let told = deliveries(event);
    let queued = told.iter().any(|delivery| delivery.message.is_some());
    let lake = deployment.lake.clone().unwrap_or(Place { bucket: String::new(), prefix: String::new() });
    let batch = fold(&told, &lake, &deployment.config.datasets);
    remark(&batch);
    let done = deployment.watcher.notified(&deployment.config.datasets, &batch).await?;
    match done.error {
        Some(error) if !queued => Err(error),
        _ => {
            let failures: Vec<Value> = done.failed.iter().map(|id| json!({"itemIdentifier": id})).collect();
            Ok(json!({"batchItemFailures": failures, "summary": done.summary}))
        }
    }
}

fn remark(batch: &Batch) {
    for remark in &batch.remarks {
        let message = remark.message.as_deref().unwrap_or_default();
        let object = remark.object.as_deref().unwrap_or_default();
        let poison = batch.poison.contains(message);
        if poison {
            tracing::error!(message, object, "{}", remark.what);
        } else {
            tracing::info!(message, object, "{}", remark.what);
        }
    }
}
