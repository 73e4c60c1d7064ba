//! What a person said of a partition: it is the new normal, or it is known to be bad.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::observation::PartitionLook;

/// What a person said of one partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What.
    pub says: Says,
    /// When.
    pub at: Timestamp,
    /// Who, as far as is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// [`Mark::of_content`] of what was there then; `None`: nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// The two things that a person can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Says {
    /// It is as it should be: it teaches, and a new level is taken at once.
    Accepted,
    /// It is known to be wrong, whatever was found: it never teaches.
    Bad,
}

impl Mark {
    /// The digest of a partition's content as 16 hexadecimal digits; `None` where nothing is there.
    pub fn of_content(look: Option<&PartitionLook>) -> Option<String> {
        look.map(|look| format!("{:016x}", look.content))
    }

    /// `accepted as normal by ann, Tue 2 Mar 06:00 UTC: Black Friday`.
    pub fn in_words(&self, zone: &TimeZone) -> String {
        let says = match self.says {
            Says::Accepted => "accepted as normal",
            Says::Bad => "rejected",
        };
        let by = self.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        let at = self.at.to_zoned(zone.clone()).strftime("%a %-d %b %Y %H:%M %Z");
        let reason = self.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
        format!("{says}{by}, {at}{reason}")
    }
}
