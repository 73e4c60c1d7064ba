//! What a message about a dataset says besides its verdict.

use serde::{Deserialize, Serialize};

/// Whom a dataset concerns and what to do, as the config says it. Reports carry it along; what shows them names all of
/// it, and evidence for remedies and the descriptions of alarms on AWS choose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Who owns it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The runbook: what to do when it is in alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runbook: Option<String>,
}

impl About {
    /// What is said, by the name of its key.
    pub fn said(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let About { owner, runbook } = self;
        let all = [("owner", owner), ("runbook", runbook)];
        all.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?)))
    }
}
