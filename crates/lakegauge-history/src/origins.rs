//! Whose history it is: where each dataset has its objects.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Where each dataset of a config has its objects, by the dataset's name without its splits: the lake's address, made one
/// for however it is spelled, and the path in it. A place that begins with `/` is a folder of this machine.
///
/// What is remembered of a dataset at one place is not known at another. The first place that asks for a dataset of a
/// history without any place gets what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    places: Arc<BTreeMap<String, String>>,
}

impl Origins {
    /// The places of datasets.
    pub fn new(places: impl IntoIterator<Item = (String, String)>) -> Origins {
        Origins { places: Arc::new(places.into_iter().collect()) }
    }

    /// Where a dataset, or the dataset of a split, has its objects.
    pub fn place(&self, dataset: &str) -> Option<&str> {
        self.places.get(base(dataset)).map(String::as_str)
    }

    /// Whether nothing is known of places, so that every history is everybody's.
    #[cfg(feature = "sqlite")]
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// The name of a dataset without its splits.
pub(crate) fn base(dataset: &str) -> &str {
    dataset.split_once('[').map_or(dataset, |(base, _)| base)
}
