//! A person's verdict on a partition: it is the new normal, or it is bad.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::observation::PartitionLook;

/// A person's verdict on one partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The verdict.
    pub says: Says,
    /// When it was given.
    pub at: Timestamp,
    /// Who gave it, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The reason given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// [`Mark::of_content`] at that time; `None` if nothing was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// The verdicts that a person can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Says {
    /// Healthy: it is learned from, and a new level is taken at once.
    Accepted,
    /// Bad, whatever was found: it is never learned from.
    Bad,
}

impl Mark {
    /// The digest of a partition's content as 16 hexadecimal digits; `None` if nothing is there.
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
