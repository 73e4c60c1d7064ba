//! A batch of deliveries, reduced to what is worth a look.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::envelope::{Delivery, Told};
use super::placing::{Placed, place};
use crate::dataset::Dataset;
use crate::partition::Partition;
use crate::publish::Place;

/// A dataset and a partition of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The dataset's index in the config.
    pub dataset: usize,
    /// The values of its splitting keys; `None` where it has none, or all are meant.
    pub splits: Option<Vec<String>>,
    /// The partition; `None` for the newest.
    pub partition: Option<Partition>,
}

/// What a batch told of one spot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// When the newest object was written or removed, by the store's clock; `None` when no event said.
    pub at: Option<Timestamp>,
    /// When the newest marker was written; `None` without one, [`Touch::marker`] tells whether there was one.
    pub marked_at: Option<Timestamp>,
    /// Whether a marker was among the objects.
    pub marker: bool,
    /// The messages that told of it: those to give back when the look fails.
    pub messages: BTreeSet<String>,
}

/// Something in a batch that leads to no look, and is said in the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Of which message.
    pub message: Option<String>,
    /// The object, where one was named: `bucket/key`.
    pub object: Option<String>,
    /// The outcome, in words.
    pub what: String,
}

/// A folded batch. It does not depend on the order in which its messages came, nor on repetitions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The distinct spots.
    pub spots: BTreeMap<Spot, Touch>,
    /// What leads to no look.
    pub remarks: BTreeSet<Remark>,
    /// Messages that cannot be read: given back, so that they end among the dead letters.
    pub poison: BTreeSet<String>,
}

/// Folds a batch to its distinct pairs of dataset and partition.
pub fn fold(deliveries: &[Delivery], lake: &Place, datasets: &[Dataset]) -> Batch {
    let mut batch = Batch::default();
    for delivery in deliveries {
        for told in &delivery.told {
            take(&mut batch, delivery, told, lake, datasets);
        }
    }
    batch
}

fn take(batch: &mut Batch, delivery: &Delivery, told: &Told, lake: &Place, datasets: &[Dataset]) {
    let message = delivery.message.clone();
    let remark = |object: Option<String>, what: String| Remark { message: message.clone(), object, what };
    match told {
        Told::Ignored(why) => drop(batch.remarks.insert(remark(None, why.to_string()))),
        Told::Malformed(why) => {
            batch.remarks.insert(remark(None, why.to_string()));
            batch.poison.extend(delivery.message.clone());
        }
        Told::Object(event) => match place(event, lake, datasets) {
            Err(why) => {
                let object = Some(format!("{}/{}", event.bucket, event.key));
                batch.remarks.insert(remark(object, why.to_string()));
            }
            Ok(places) => {
                for Placed { dataset, splits, partition, marker } in places {
                    let touch = batch.spots.entry(Spot { dataset, splits, partition }).or_default();
                    touch.at = touch.at.max(event.at);
                    touch.marked_at = touch.marked_at.max(event.at.filter(|_| marker));
                    touch.marker |= marker;
                    touch.messages.extend(delivery.message.clone());
                }
            }
        },
    }
}
