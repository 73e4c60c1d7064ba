//! Whose object it is.

use super::record::ObjectEvent;
use crate::dataset::{Dataset, LandedWhen};
use crate::layout::Marker;
use crate::observation::is_data;
use crate::partition::Partition;
use crate::publish::Place;

/// Where an event's object belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The dataset's index in the config.
    pub dataset: usize,
    /// The values of its splitting keys, where it has any and the key names them.
    pub splits: Option<Vec<String>>,
    /// The partition; `None` for a marker that speaks for the newest.
    pub partition: Option<Partition>,
    /// The object says "complete".
    pub marker: bool,
}

/// Why an object belongs nowhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Outside {
    /// Another bucket than the lake's.
    #[error("bucket `{0}` is not the lake's: its notifications should not come here")]
    Bucket(String),
    /// Outside of the lake's prefix, or of every dataset's path.
    #[error("no dataset's path has this key")]
    Dataset,
    /// A placeholder or hidden name: not data, and no marker.
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

/// `Err` for an object of the dataset that says nothing.
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
    // The size is not known for certain, and a placeholder's name says enough.
    if !marker && !is_data(located.name, 0) {
        return Some(Err(()));
    }
    let partition = Some(located.partition);
    Some(Ok(Placed { dataset: index, splits: splits_of(located.splits), partition, marker }))
}
