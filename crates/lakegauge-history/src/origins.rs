//! Where each dataset has its objects, which decides whose history it uses.

use std::collections::BTreeMap;
use std::sync::Arc;

use lakegauge_core::name::Name;

/// Where each dataset of a config has its objects, by the dataset's name without its splits: the lake's normalized
/// address, and the path in it. A place that starts with `/` is a folder on this machine.
///
/// The history of a dataset at one place is not used at another. A history without a place belongs to the first place
/// that asks for the dataset.
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
        self.places.get(Name::read(dataset).base()).map(String::as_str)
    }

    /// Whether there are no places, so that every history is visible.
    #[cfg(feature = "sqlite")]
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}
