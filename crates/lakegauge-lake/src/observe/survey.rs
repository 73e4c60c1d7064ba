//! The whole lake, for discovery.

use jiff::Timestamp;
use lakegauge_core::observation::Gap;

use super::ObjectLake;
use crate::sample::{See, Sighting, survey};
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
    /// Lists the lake in no particular order, in parallel. Of a large one, only a sample; but all of it `as_of` a time in
    /// the past, because its newest folders are not those of that time. What was written later is left out.
    pub async fn survey(&self, as_of: Option<Timestamp>, see: &mut See<'_>) -> Surveyed {
        let store = self.store.view();
        let mut counted = |sighting: Sighting<'_>| {
            if let Sighting::Object(object) | Sighting::Sampled(object) = sighting {
                self.count();
                if as_of.is_some_and(|now| object.last_modified > now) {
                    return;
                }
            }
            see(sighting);
        };
        let surveyed = match as_of {
            None => survey(store.as_ref(), &mut counted).await,
            Some(_) => sweep(store.as_ref(), "", None, &mut |object| counted(Sighting::Object(object))).await,
        };
        let mut gaps = match surveyed {
            Ok(hidden) => hidden.into_iter().map(Gap::from).collect(),
            Err(error) => vec![error.into()],
        };
        super::gaps::gather(&mut gaps);
        Surveyed { gaps, list_requests: store.requests() }
    }
}
