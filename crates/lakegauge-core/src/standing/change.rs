//! What became of an alarm at one look.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::metric::Metric;
use crate::partition::Partition;

/// What a look made of an alarm that is, or was, raised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The partition; `None` for a metric of the whole dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partition: Option<Partition>,
    /// The metric.
    pub metric: Metric,
    /// When the look was made.
    pub at: Timestamp,
    /// What happened.
    pub why: Why,
    /// The reason of the verdict, as a sentence; the last known one if there is no verdict.
    pub reason: String,
}

/// The changes at or after `since`, in their order.
pub fn changes_since(changes: &[Change], since: Option<Timestamp>) -> Vec<Change> {
    changes.iter().filter(|change| since.is_none_or(|since| change.at >= since)).cloned().collect()
}

/// What happened to an alarm, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// It was not in alarm before.
    Raised,
    /// It was in alarm before, and is.
    Stays,
    /// It could not be judged: it stays raised.
    Unseen,
    /// Its partition is healthy now, or a person accepted it.
    Cleared,
    /// A newer partition showed that the changed level is the new one.
    Accepted,
    /// The config has no rule for it any more.
    NoRule,
    /// It is older than `look_back`, and is no longer told.
    TooOld,
    /// Its split has ended, and is no longer watched.
    Ended,
}

impl Why {
    /// Every reason.
    pub const ALL: [Why; 8] = [
        Why::Raised,
        Why::Stays,
        Why::Unseen,
        Why::Cleared,
        Why::Accepted,
        Why::NoRule,
        Why::TooOld,
        Why::Ended,
    ];

    /// Whether the alarm is raised after the look.
    pub fn is_raised(self) -> bool {
        matches!(self, Why::Raised | Why::Stays | Why::Unseen)
    }

    /// Whether anything changed; a history keeps only these.
    pub fn is_news(self) -> bool {
        !matches!(self, Why::Stays | Why::Unseen)
    }
}
