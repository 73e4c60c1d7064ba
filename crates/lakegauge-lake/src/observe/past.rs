//! Everything since a partition, in one pass.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::layout::Step;
use lakegauge_core::observation::{Listed, LookFold, Observation};
use lakegauge_core::partition::{Cadence, Partition};

use super::lake::Glance;
use super::looks::Known;
use crate::error::StoreError;
use crate::sweep::sweep;

impl Glance<'_> {
    /// Lists everything that may contain the dataset's partitions, and assigns each object to its partition.
    pub(super) async fn past(&self, since: Option<Partition>) -> Observation {
        let layout = &self.dataset.layout;
        let prefix = prefix(self.dataset);
        let floor = since.and_then(|since| layout.floor(since));
        let marker = self.dataset.landed_when.marker_inside();
        let mut folds: BTreeMap<Partition, LookFold> = BTreeMap::new();
        let mut each = |object: Listed<'_>| {
            let Some(located) = self.locate(object) else { return };
            if since.is_none_or(|since| located.partition >= since) {
                let fold = folds.entry(located.partition).or_insert_with(|| LookFold::new(marker));
                fold.add(located.above, located.name, object);
            }
        };
        let mut known = Known::default();
        match sweep(self.store.as_ref(), &prefix, floor.as_deref(), &mut each).await {
            Ok(hidden) => {
                for error in hidden {
                    let partition = self.partition_of(&error);
                    known.fail(error, partition);
                }
                known.seen = folds.into_iter().map(|(partition, fold)| (partition, fold.finish())).collect();
            }
            // It is unknown which partitions were listed completely, so none is reported.
            Err(error) => known.fail(error, []),
        }
        self.mark(&mut known).await;
        known.observation(&BTreeSet::new())
    }

    /// The partition that contains a hidden folder.
    fn partition_of(&self, hidden: &StoreError) -> Option<Partition> {
        let root = self.store.place("");
        let key = hidden.place.strip_prefix(&root)?.trim_start_matches('/');
        self.dataset.layout.locate(&format!("{key}/x")).map(|located| located.partition)
    }
}

/// The folder that contains all of a dataset's partitions, including the values of splitting keys that come before the
/// date.
pub(super) fn prefix(dataset: &Dataset) -> String {
    let first_literal = |partition| {
        let path = dataset.layout.looks(partition, &dataset.splits).into_iter().next()?;
        match path.steps.into_iter().next()? {
            Step::Literal(text) => Some(text),
            Step::Any { .. } => None,
        }
    };
    let mut prefix = common_prefix(dataset.layout.cadence(), first_literal);
    prefix.truncate(prefix.rfind('/').map_or(0, |at| at + 1));
    prefix
}

/// The common prefix of the texts of all partitions.
pub(super) fn common_prefix(cadence: Cadence, write: impl Fn(Partition) -> Option<String>) -> String {
    // Two periods in which every number, and its first digit, differs.
    let early = write(Partition::containing(date(1999, 12, 29).at(23, 0, 0, 0), cadence));
    let late = write(Partition::containing(date(2000, 2, 1).at(0, 0, 0, 0), cadence));
    let (Some(early), Some(late)) = (early, late) else { return String::new() };
    let same = early.chars().zip(late.chars()).take_while(|(a, b)| a == b);
    same.map(|(c, _)| c).collect()
}
