//! Looks at a dataset through a store.
use std::sync::Arc;
use async_trait::async_trait;
use lakegauge_engine::{Lake, Look, Scope};
use lakegauge_core::observation::*;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::partition::Partition;
use std::collections::BTreeMap;
/// tmp
pub struct ObjectLake { store: Arc<dyn crate::Store> }
/// tmp
pub struct Surveyed { /** g */ pub gaps: Vec<Gap>, /** r */ pub list_requests: u64 }
impl ObjectLake {
    /// t
    pub fn new(store: Arc<dyn crate::Store>) -> Self { Self { store } }
    /// t
    pub async fn survey(&self, each: &mut crate::Each<'_>) -> Surveyed { let _ = self.store.list("", None, each).await; Surveyed { gaps: vec![], list_requests: self.store.requests() } }
    /// t
    pub async fn expand(&self, _d: &Dataset) -> Result<Vec<Vec<String>>, Gap> { Ok(vec![]) }
    /// t
    pub fn planned_requests(&self, _d: &Dataset, _s: &Scope, _o: &BTreeMap<Partition, u64>) -> Vec<(String, u64)> { vec![] }
}
#[async_trait]
impl Lake for ObjectLake {
    async fn observe(&self, look: Look<'_>) -> Observation {
        let mut o = Observation::default();
        let mut folds: BTreeMap<Partition, LookFold> = BTreeMap::new();
        let _ = self.store.list(look.dataset.layout.static_prefix(), None, &mut |k, s, m| {
            if look.as_of.is_some_and(|t| m > t) { return; }
            if let Some(l) = look.dataset.layout.locate(k) {
                folds.entry(l.partition).or_insert_with(|| LookFold::new(look.dataset.landed_when.marker_inside())).push(l.name, s, m);
            }
        }).await;
        for (p, f) in folds { o.partitions.insert(p, f.finish()); }
        if let Scope::Partitions(ps) = look.scope { o.absent = ps.iter().filter(|p| !o.partitions.contains_key(p)).copied().collect(); o.partitions.retain(|p, _| ps.contains(p)); }
        o
    }
}
