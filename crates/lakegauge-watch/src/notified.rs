//! Handles what events said of all datasets.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt as _;
use lakegauge_cloudwatch::notice::{Batch, Spot, Touch};
use lakegauge_core::cause::chain;
use lakegauge_core::dataset::Dataset;

use crate::attend::Attended;
use crate::attention::Notices;
use crate::splits::Instances;
use crate::summary::Summary;
use crate::watcher::{ABREAST, Failed, Watcher};

/// What became of a batch.
#[derive(Debug, Default)]
pub struct Notified {
    /// The result in numbers.
    pub summary: Summary,
    /// The messages that could not be handled: they must come again.
    pub failed: BTreeSet<String>,
    /// The first error.
    pub error: Option<Failed>,
}

/// A dataset's messages, and what was done.
type Done = (BTreeSet<String>, Result<Attended, Failed>);

impl Watcher {
    /// Handles what a batch of events says of these datasets.
    ///
    /// # Errors
    /// If the state could not be written after values were sent. Everything else is in the result.
    pub async fn notified(&self, datasets: &[Dataset], batch: &Batch) -> Result<Notified, Failed> {
        let mut notified = Notified { failed: batch.poison.clone(), ..Notified::default() };
        let mut posts = Vec::new();
        for (messages, outcome) in self.each_noticed(datasets, batch).await {
            let error = match outcome {
                Ok(attended) => {
                    notified.summary.add(attended.summary());
                    posts.extend(attended.outgoing());
                    attended.unseen()
                }
                Err(error) => Some(error),
            };
            if let Some(error) = error {
                tracing::error!("{:#}", chain(&error));
                notified.failed.extend(messages);
                notified.error = notified.error.or(Some(error));
            }
        }
        // What cannot be sent now is sent by a later tick: no reason to look again.
        notified.summary.values = self.send(&posts).await?.0;
        Ok(notified)
    }

    async fn each_noticed(&self, datasets: &[Dataset], batch: &Batch) -> Vec<Done> {
        let mut by_name: BTreeMap<String, (Dataset, Notices, BTreeSet<String>)> = BTreeMap::new();
        let mut done: Vec<Done> = Vec::new();
        for (spot, touch) in &batch.spots {
            match self.meant(datasets, spot).await {
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
        let run = by_name
            .into_values()
            .map(|(dataset, told, messages)| async move { (messages, self.events(&dataset, told).await) });
        done.extend(futures::stream::iter(run).buffer_unordered(ABREAST).collect::<Vec<_>>().await);
        done
    }

    /// The datasets of a spot: one, or every split if the key names none.
    async fn meant(&self, datasets: &[Dataset], spot: &Spot) -> Result<Vec<Dataset>, Failed> {
        let Some(dataset) = datasets.get(spot.dataset) else { return Ok(Vec::new()) };
        match &spot.splits {
            Some(splits) => Ok(vec![dataset.split(splits.clone())]),
            None => match self.instances(dataset).await? {
                Instances { datasets, unseen: Some(unseen) } if datasets.is_empty() => Err(unseen),
                // Splits that were not listed now are found by a tick.
                Instances { datasets, .. } => Ok(datasets),
            },
        }
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
