//! Handles S3 events: takes a batch, and returns the messages that failed.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt as _;
use lakegauge_core::cause::chain;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::notice::{Batch, Spot, Touch, deliveries, fold};
use lakegauge_core::publish::Place;
use serde_json::{Value, json};

use crate::attend::{Attended, Failed};
use crate::outbox::OutboxEntry;
use crate::reach::Deployment;
use crate::splits::Instances;
use crate::summary::Summary;
use crate::watch::{Notices, Reason};

/// Datasets handled in parallel.
const ABREAST: usize = 16;

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
    let mut failed: BTreeSet<String> = batch.poison.clone();
    let (mut summary, mut posts, mut first) = (Summary::default(), Vec::new(), None);
    let attended = attend(deployment, &batch).await;
    for (messages, outcome) in attended {
        let error = match outcome {
            Ok((name, attended)) => {
                summary.add(attended.summary());
                let unseen = attended.unseen();
                if let Attended::Looked { posts: new, .. } = attended {
                    posts.extend(new.iter().map(|post| OutboxEntry::new(&name, post)));
                }
                unseen
            }
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            tracing::error!("{:#}", chain(&error));
            failed.extend(messages);
            first = first.or(Some(error));
        }
    }
    // What cannot be sent now is sent by the next tick: no reason to look again.
    summary.values = deployment.ports.send(&posts).await?.0;
    match first {
        Some(error) if !queued => Err(error),
        _ => {
            let failures: Vec<Value> = failed.iter().map(|id| json!({"itemIdentifier": id})).collect();
            Ok(json!({"batchItemFailures": failures, "summary": summary}))
        }
    }
}

/// The result of a dataset's messages: its name and what was done, or the error.
type Done = (BTreeSet<String>, Result<(String, Attended), Failed>);

async fn attend(deployment: &Deployment, batch: &Batch) -> Vec<Done> {
    let mut by_name: BTreeMap<String, (Dataset, Notices, BTreeSet<String>)> = BTreeMap::new();
    let mut done: Vec<Done> = Vec::new();
    for (spot, touch) in &batch.spots {
        match meant(deployment, spot).await {
            Ok(datasets) => {
                for dataset in datasets {
                    let entry = by_name.entry(dataset.name.clone());
                    let (_, told, messages) =
                        entry.or_insert_with(|| (dataset, Notices::default(), BTreeSet::new()));
                    merge(told, spot, touch);
                    messages.extend(touch.messages.iter().cloned());
                }
            }
            Err(error) => done.push((touch.messages.clone(), Err(error))),
        }
    }
    let run = by_name.into_iter().map(|(name, (dataset, told, messages))| async move {
        let outcome = async {
            let recalled = deployment.ports.recall(&dataset, told.marked.is_some()).await?;
            deployment.ports.attend(&dataset, Reason::Events(told), recalled).await
        };
        (messages, outcome.await.map(|attended| (name, attended)))
    });
    done.extend(futures::stream::iter(run).buffer_unordered(ABREAST).collect::<Vec<_>>().await);
    done
}

/// The datasets of a spot: one, or every split if the key names none.
async fn meant(deployment: &Deployment, spot: &Spot) -> Result<Vec<Dataset>, Failed> {
    let Some(dataset) = deployment.config.datasets.get(spot.dataset) else { return Ok(Vec::new()) };
    match &spot.splits {
        Some(splits) => Ok(vec![dataset.split(splits.clone())]),
        None => match deployment.instances(dataset).await? {
            Instances { datasets, unseen: Some(unseen) } if datasets.is_empty() => Err(unseen),
            // Splits that were not listed now are found by a tick.
            Instances { datasets, .. } => Ok(datasets),
        },
    }
}

fn merge(notices: &mut Notices, spot: &Spot, touch: &Touch) {
    notices.places.extend(spot.partition);
    notices.at = notices.at.max(touch.at);
    if touch.marker {
        let before = notices.marked.flatten();
        notices.marked = Some(before.max(touch.marked_at));
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
