//! The whole lake, for discovery.

use lakegauge_core::observation::{Gap, Listed};

use super::ObjectLake;
use crate::store::Each;
use crate::sweep::sweep;

/// The gaps and the cost of a survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// Places that could not be seen; the whole lake if the listing failed.
    pub gaps: Vec<Gap>,
    /// List requests sent.
    pub list_requests: u64,
}

impl ObjectLake {
    /// Lists every object of the lake, in no particular order, in parallel.
    pub async fn survey(&self, each: &mut Each<'_>) -> Surveyed {
        let store = self.store.view();
        let mut counted = |object: Listed<'_>| {
            self.count();
            each(object);
        };
        let mut gaps = match sweep(store.as_ref(), "", None, &mut counted).await {
            Ok(hidden) => hidden.into_iter().map(Gap::from).collect(),
            Err(error) => vec![error.into()],
        };
        super::gaps::gather(&mut gaps);
        Surveyed { gaps, list_requests: store.requests() }
    }
}
