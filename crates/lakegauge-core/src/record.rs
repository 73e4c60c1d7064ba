//! What history knows about one partition.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::mark::{Mark, Says};
use crate::observation::PartitionLook;
use crate::partition::Partition;
use crate::state::PartitionState;

/// What history knows about one partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionRecord {
    /// The partition.
    pub partition: Partition,
    /// Its state in the life cycle.
    pub state: PartitionState,
    /// When it was complete for the first time.
    pub landed_at: Option<Timestamp>,
    /// False if [`PartitionRecord::landed_at`] is the time of a copy and not of the job that wrote the data.
    pub arrival_known: bool,
    /// Its deadline, as last computed.
    pub due_at: Option<Timestamp>,
    /// The newest look; `None` when there is no data.
    pub look: Option<PartitionLook>,
    /// The look on which it was judged when it landed.
    pub landed: Option<PartitionLook>,
    /// When a look first saw that it differs from what had landed, or from the previous change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
    /// True when it broke the config's own limits.
    pub bad: bool,
    /// Since when it has been in alarm: it is looked at and reported until it is healthy or the alarm is too old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alarmed_since: Option<Timestamp>,
    /// A person's verdict on it. A history keeps it whatever is committed; only the marks of a commit change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// When it was last looked at.
    pub seen_at: Timestamp,
}

impl PartitionRecord {
    /// A record of a partition about which nothing is known yet.
    pub fn new(partition: Partition, seen_at: Timestamp) -> PartitionRecord {
        PartitionRecord {
            partition,
            state: PartitionState::Expected,
            landed_at: None,
            arrival_known: true,
            due_at: None,
            look: None,
            landed: None,
            changed_at: None,
            bad: false,
            alarmed_since: None,
            mark: None,
            seen_at,
        }
    }
}

impl PartitionRecord {
    /// Whether it has, or ever had, any data.
    pub fn came(&self) -> bool {
        self.look.is_some() || self.landed_at.is_some()
    }

    /// Whether a person accepted the current content: after another write it is judged again.
    pub fn is_accepted(&self) -> bool {
        self.is_marked(Says::Accepted)
    }

    /// Whether a person rejected the current content: after another write it is judged again.
    pub fn is_rejected(&self) -> bool {
        self.is_marked(Says::Bad)
    }

    fn is_marked(&self, says: Says) -> bool {
        let of_now = |mark: &Mark| mark.content == Mark::of_content(self.look.as_ref());
        self.mark.as_ref().is_some_and(|mark| mark.says == says && of_now(mark))
    }

    /// What may be learned from it: a person's verdict has priority over the config's limits, and those over what
    /// history finds.
    pub fn lesson(&self) -> Lesson {
        match () {
            () if self.is_accepted() => Lesson::Normal,
            () if self.bad || self.is_rejected() => Lesson::None,
            () => Lesson::Judged,
        }
    }
}

/// What may be learned from a partition. It is always judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lesson {
    /// As much as its verdict allows.
    #[default]
    Judged,
    /// It is normal whatever the verdict: a new level is accepted at once.
    Normal,
    /// Nothing, because it is known to be wrong.
    None,
}

/// The records of one dataset, by partition.
pub type Records = BTreeMap<Partition, PartitionRecord>;

/// The newest partition that ever came, of the cadence of `current` and not after it: a stray one of the future does
/// not count.
pub fn newest_came(records: &Records, current: Partition) -> Option<Partition> {
    let came = records.range(..=current).rev().filter(|(_, record)| record.came());
    came.map(|(partition, _)| *partition).find(|partition| partition.cadence() == current.cadence())
}
