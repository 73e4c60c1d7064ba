//! The whole lake for discovery, and the values that split a dataset.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::observation::Gap;

use super::ObjectLake;
use crate::abreast::try_abreast;
use crate::error::StoreError;
use crate::store::{Each, Level};
use crate::sweep::sweep;

/// What a survey could not see, and what it cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// Places that stayed hidden; the whole lake, when the listing broke off.
    pub gaps: Vec<Gap>,
    /// List requests sent.
    pub list_requests: u64,
}

/// Folders of a level without a splitting key that are followed: the newest ones, if names sort by time.
const FOLLOWED: usize = 3;

impl ObjectLake {
    /// Lists every object of the lake, in no order, in parallel.
    pub async fn survey(&self, each: &mut Each<'_>) -> Surveyed {
        let store = self.store.view();
        let mut counted = |key: &str, size: u64, modified: Timestamp| {
            self.count();
            each(key, size, modified);
        };
        let mut gaps = match sweep(store.as_ref(), "", None, &mut counted).await {
            Ok(hidden) => hidden.into_iter().map(Gap::from).collect(),
            Err(error) => vec![error.into()],
        };
        super::gaps::gather(&mut gaps);
        Surveyed { gaps, list_requests: store.requests() }
    }

    /// The values of the splitting keys of a dataset's layout, in the layout's order and as the store writes them.
    /// Keys that stand behind the date are read out of the last few dates.
    ///
    /// # Errors
    /// When a level cannot be listed.
    pub async fn expand(&self, dataset: &Dataset) -> Result<Vec<Vec<String>>, Gap> {
        Ok(self.values(dataset).await?)
    }

    async fn values(&self, dataset: &Dataset) -> Result<Vec<Vec<String>>, StoreError> {
        let layout = &dataset.layout;
        let template = layout.to_string();
        let open = template.strip_prefix(layout.static_prefix()).unwrap_or(&template);
        let mut folders = vec![layout.static_prefix().to_owned()];
        let mut values = BTreeSet::new();
        for level in open.split_inclusive('/') {
            let listed = folders.iter().map(|folder| self.store.level(folder)).collect();
            let listed: Vec<Level> = try_abreast(listed, self.width()).await?;
            if !level.ends_with('/') {
                let objects = listed.iter().flat_map(|level| &level.objects);
                values.extend(objects.filter_map(|object| Some(layout.locate(&object.key)?.splits)));
                return Ok(values.into_iter().collect());
            }
            let splits = layout.splits().iter().any(|name| level.contains(&format!("{{{name}}}")));
            folders = listed.into_iter().flat_map(|level| newest(level.prefixes, splits)).collect();
        }
        // Any name below a folder tells the keys in front of it.
        values.extend(folders.iter().filter_map(|f| Some(layout.locate(&format!("{f}x"))?.splits)));
        Ok(values.into_iter().collect())
    }
}

fn newest(mut folders: Vec<String>, all: bool) -> Vec<String> {
    folders.sort_unstable();
    if !all {
        folders.drain(..folders.len().saturating_sub(FOLLOWED));
    }
    folders
}
