//! Finds the dataset of an object.

use lakegauge_core::dataset::{Dataset, LandedWhen};
use lakegauge_core::layout::Marker;
use lakegauge_core::observation::is_data;
use lakegauge_core::partition::Partition;

use super::record::ObjectEvent;
use crate::publish::Place;

/// The place of an event's object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The dataset's index in the config.
    pub dataset: usize,
    /// The values of its splitting keys, if it has any and the key contains them.
    pub splits: Option<Vec<String>>,
    /// The partition; `None` for a marker that is about the newest one.
    pub partition: Option<Partition>,
    /// Whether the object is a completion marker.
    pub marker: bool,
}

/// Why an object belongs to no dataset.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Outside {
    /// Another bucket than the lake's.
    #[error("bucket `{0}` is not the lake's: its notifications should not come here")]
    Bucket(String),
    /// Outside the lake's prefix, or outside every dataset's path.
    #[error("no dataset's path has this key")]
    Dataset,
    /// A placeholder or hidden name: neither data nor a marker.
    #[error("neither data nor a marker")]
    Hidden,
}

/// Finds every dataset to which an event's object belongs.
///
/// # Errors
/// When there is none.
pub fn place(event: &ObjectEvent, lake: &Place, datasets: &[Dataset]) -> Result<Vec<Placed>, Outside> {
    if event.bucket != lake.bucket {
        return Err(Outside::Bucket(event.bucket.clone()));
    }
    let key = event.key.strip_prefix(&lake.prefix).ok_or(Outside::Dataset)?;
    let (mut found, mut hidden) = (Vec::new(), false);
    for (index, dataset) in datasets.iter().enumerate() {
        match within(index, dataset, key) {
            Some(Ok(placed)) => found.push(placed),
            Some(Err(())) => hidden = true,
            None => {}
        }
    }
    match (found.is_empty(), hidden) {
        (false, _) => Ok(found),
        (true, true) => Err(Outside::Hidden),
        (true, false) => Err(Outside::Dataset),
    }
}

/// `Err` for an object of the dataset that carries no information.
fn within(index: usize, dataset: &Dataset, key: &str) -> Option<Result<Placed, ()>> {
    let splits_of = |splits: Vec<String>| {
        let named = splits.len() == dataset.layout.splits().len() && !splits.is_empty();
        named.then_some(splits)
    };
    if let LandedWhen::Marker(Marker::Root(root)) = &dataset.landed_when
        && let Some((partition, splits)) = root.locate(key)
    {
        return Some(Ok(Placed { dataset: index, splits: splits_of(splits), partition, marker: true }));
    }
    let located = dataset.layout.locate(key)?;
    let marker = dataset.landed_when.marker_inside() == Some(located.name);
    // The size is unknown, but a placeholder's name is enough.
    if !marker && !is_data(located.name, 0) {
        return Some(Err(()));
    }
    let partition = Some(located.partition);
    Some(Ok(Placed { dataset: index, splits: splits_of(located.splits), partition, marker }))
}
