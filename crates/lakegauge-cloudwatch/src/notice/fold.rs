//! Reduces a batch of deliveries to what is worth a look.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::partition::Partition;

use super::envelope::{Delivery, Item};
use super::placing::{Placed, place};
use crate::publish::Place;

/// A dataset and a partition of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The dataset's index in the config.
    pub dataset: usize,
    /// The values of its splitting keys; `None` if it has none, or if all splits are meant.
    pub splits: Option<Vec<String>>,
    /// The partition; `None` for the newest.
    pub partition: Option<Partition>,
}

/// What a batch says about one spot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// When the newest object was written or removed, by the store's clock; `None` if no event has a time.
    pub at: Option<Timestamp>,
    /// When the newest marker was written; `None` without a time. [`Touch::marker`] says whether there was a marker.
    pub marked_at: Option<Timestamp>,
    /// Whether a marker was among the objects.
    pub marker: bool,
    /// The messages about it, to return to the queue when the look fails.
    pub messages: BTreeSet<String>,
}

/// An item that triggers no look and is logged.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The message it came from.
    pub message: Option<String>,
    /// The object, if the item named one: `bucket/key`.
    pub object: Option<String>,
    /// The outcome, in words.
    pub what: String,
}

/// A reduced batch. It does not depend on the order of its messages, nor on duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The distinct spots.
    pub spots: BTreeMap<Spot, Touch>,
    /// Items that trigger no look.
    pub remarks: BTreeSet<Remark>,
    /// Messages that cannot be read: returned to the queue, so that they end up in the dead-letter queue.
    pub poison: BTreeSet<String>,
}

/// Reduces a batch to its distinct pairs of dataset and partition.
pub fn fold(deliveries: &[Delivery], lake: &Place, datasets: &[Dataset]) -> Batch {
    let mut batch = Batch::default();
    for delivery in deliveries {
        for item in &delivery.items {
            take(&mut batch, delivery, item, lake, datasets);
        }
    }
    batch
}

fn take(batch: &mut Batch, delivery: &Delivery, item: &Item, lake: &Place, datasets: &[Dataset]) {
    let message = delivery.message.clone();
    let remark = |object: Option<String>, what: String| Remark { message: message.clone(), object, what };
    match item {
        Item::Ignored(why) => drop(batch.remarks.insert(remark(None, why.to_string()))),
        Item::Malformed(why) => {
            batch.remarks.insert(remark(None, why.to_string()));
            batch.poison.extend(delivery.message.clone());
        }
        Item::Object(event) => match place(event, lake, datasets) {
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
