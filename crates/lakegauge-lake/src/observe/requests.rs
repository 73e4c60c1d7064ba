//! Predicts the list requests of a look.

use std::collections::{BTreeMap, BTreeSet};

use lakegauge_core::dataset::{Dataset, LandedWhen};
use lakegauge_core::layout::{Marker, Path, Step};
use lakegauge_core::partition::Partition;
use lakegauge_engine::Scope;

use super::{ObjectLake, marks, past};

impl ObjectLake {
    /// The list requests that an observation of `scope` sends if all of them succeed: places, and the number of
    /// requests for each. `objects` is the expected number of objects per partition; a partition that is not in it is
    /// not expected to exist.
    ///
    /// Folders at open levels of a path (`{*}`) are those that an earlier look of this process found. A pass over the
    /// past that does not fit into a page sends some more requests than this, because it lists in parallel.
    pub fn planned_requests(
        &self,
        dataset: &Dataset,
        scope: &Scope,
        objects: &BTreeMap<Partition, u64>,
    ) -> Vec<(String, u64)> {
        let mut plan = Plan { lake: self, dataset, requests: BTreeMap::new() };
        match scope {
            Scope::Partitions(partitions) => {
                let partitions: BTreeSet<Partition> = partitions.iter().copied().collect();
                plan.looks(&partitions, objects);
                plan.marks(&partitions.into_iter().filter(|p| objects.contains_key(p)).collect());
            }
            Scope::Past { since } => {
                let all = objects.iter().filter(|(p, _)| since.is_none_or(|since| **p >= since));
                let pages = self.pages(all.map(|(_, objects)| objects).sum());
                plan.add(&past::prefix(dataset), pages);
                plan.marks(&objects.keys().copied().collect());
            }
        }
        plan.requests.into_iter().map(|(prefix, n)| (self.store.place(&prefix), n)).collect()
    }

    /// The list requests for similar names next to a missing partition, at most: places, and the number of requests for
    /// each.
    pub fn planned_neighbours(&self, dataset: &Dataset, partition: Partition) -> Vec<(String, u64)> {
        let nearby = dataset.layout.nearby(partition, &dataset.splits);
        let prefixes = nearby.map_or_else(Vec::new, |nearby| nearby.prefixes);
        prefixes.iter().map(|prefix| (self.store.place(prefix), 1)).collect()
    }

    fn pages(&self, objects: u64) -> u64 {
        self.store.page_size().map_or(1, |size| objects.div_ceil(size.max(1)).max(1))
    }
}

struct Plan<'a> {
    lake: &'a ObjectLake,
    dataset: &'a Dataset,
    requests: BTreeMap<String, u64>,
}

impl Plan<'_> {
    fn add(&mut self, prefix: &str, requests: u64) {
        *self.requests.entry(prefix.to_owned()).or_default() += requests;
    }

    fn looks(&mut self, partitions: &BTreeSet<Partition>, objects: &BTreeMap<Partition, u64>) {
        let mut levels: BTreeSet<String> = BTreeSet::new();
        let mut listings: BTreeMap<(String, bool), u64> = BTreeMap::new();
        for partition in partitions {
            let ways = self.dataset.layout.looks(*partition, &self.dataset.splits);
            let expected = objects.get(partition);
            // An existing partition is usually found at the first path; a missing one is looked for at every path.
            let ways = ways.into_iter().take(if expected.is_some() { 1 } else { usize::MAX });
            for path in ways {
                let prefixes = self.prefixes(&path, &mut levels);
                let share = expected.copied().unwrap_or(0).div_ceil(prefixes.len().max(1) as u64);
                for prefix in prefixes {
                    *listings.entry((prefix, path.flat)).or_default() += share;
                }
            }
        }
        levels.iter().for_each(|level| self.add(level, 1));
        for ((prefix, _), objects) in listings {
            self.add(&prefix, self.lake.pages(objects));
        }
    }

    /// The prefixes of a path, as far as earlier looks found them; adds the levels that must be listed for it to
    /// `levels`.
    fn prefixes(&self, path: &Path, levels: &mut BTreeSet<String>) -> Vec<String> {
        let mut prefixes = vec![String::new()];
        for step in &path.steps {
            match step {
                Step::Literal(text) => prefixes.iter_mut().for_each(|prefix| prefix.push_str(text)),
                Step::Any { before, after } => {
                    let mut below = Vec::new();
                    for prefix in &prefixes {
                        let asked = format!("{prefix}{before}");
                        match self.lake.folders(&asked) {
                            Some(folders) => {
                                below.extend(super::places::fitting(folders, prefix, before, after))
                            }
                            None => below.push(format!("{asked}*{after}/")),
                        }
                        levels.insert(asked);
                    }
                    prefixes = below;
                }
            }
        }
        prefixes
    }

    fn marks(&mut self, seen: &BTreeSet<Partition>) {
        let LandedWhen::Marker(Marker::Root(root)) = &self.dataset.landed_when else { return };
        let splits = &self.dataset.splits;
        let keys: Vec<String> = seen.iter().filter_map(|partition| root.key(*partition, splits)).collect();
        match keys.last() {
            None => {}
            Some(_) if root.is_dated() && keys.len() <= marks::ONE_BY_ONE => {
                keys.iter().for_each(|key| self.add(key, 1));
            }
            Some(last) => {
                self.add(last, if root.is_dated() { self.lake.pages(keys.len() as u64) } else { 1 })
            }
        }
    }
}
