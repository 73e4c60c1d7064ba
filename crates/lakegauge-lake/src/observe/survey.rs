//! The whole lake, for discovery.

use lakegauge_core::observation::Gap;

use super::ObjectLake;
use crate::sample::{See, Sighting, survey};

/// The gaps and the cost of a survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// Places that could not be seen; the whole lake if the listing failed.
    pub gaps: Vec<Gap>,
    /// List requests sent.
    pub list_requests: u64,
}

impl ObjectLake {
    /// Lists the lake in no particular order, in parallel. Of a large one, only a sample.
    pub async fn survey(&self, see: &mut See<'_>) -> Surveyed {
        let store = self.store.view();
        let mut counted = |sighting: Sighting<'_>| {
            if let Sighting::Object(_) | Sighting::Sampled(_) = sighting {
                self.count();
            }
            see(sighting);
        };
        let mut gaps = match survey(store.as_ref(), &mut counted).await {
            Ok(hidden) => hidden.into_iter().map(Gap::from).collect(),
            Err(error) => vec![error.into()],
        };
        super::gaps::gather(&mut gaps);
        Surveyed { gaps, list_requests: store.requests() }
    }
}
