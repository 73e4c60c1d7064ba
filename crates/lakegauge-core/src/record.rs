//! What history knows of one partition, and whether its landing time can be believed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::baseline::Lesson;
use crate::lifecycle::PartitionState;
use crate::mark::{Mark, Says};
use crate::observation::PartitionLook;
use crate::partition::Partition;

/// What history knows of one partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartitionRecord {
    /// Which.
    pub partition: Partition,
    /// Where it stands in its life cycle.
    pub state: PartitionState,
    /// When it was complete for the first time.
    pub landed_at: Option<Timestamp>,
    /// False where [`PartitionRecord::landed_at`] tells of a copy rather than of the job that wrote the data.
    pub arrival_known: bool,
    /// By when it had to land, as last computed.
    pub due_at: Option<Timestamp>,
    /// The newest look; `None` when nothing is there.
    pub look: Option<PartitionLook>,
    /// The look on which it was judged when it landed.
    pub landed: Option<PartitionLook>,
    /// True when it broke the config's own limits.
    pub bad: bool,
    /// What a person said of it. A history keeps it whatever is committed; only
    /// the marks of a commit change it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// When it was last looked at.
    pub seen_at: Timestamp,
}

impl PartitionRecord {
    /// A record of a partition of which nothing is known yet.
    pub fn new(partition: Partition, seen_at: Timestamp) -> PartitionRecord {
        PartitionRecord {
            partition,
            state: PartitionState::Expected,
            landed_at: None,
            arrival_known: true,
            due_at: None,
            look: None,
            landed: None,
            bad: false,
            mark: None,
            seen_at,
        }
    }
}

impl PartitionRecord {
    /// Whether a person accepted it, and it is still what was accepted: after another write it is judged again.
    pub fn is_accepted(&self) -> bool {
        let of_now = |mark: &Mark| mark.content == Mark::of_content(self.look.as_ref());
        self.mark.as_ref().is_some_and(|mark| mark.says == Says::Accepted && of_now(mark))
    }

    /// Whether a person marked it as bad.
    pub fn is_marked_bad(&self) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.says == Says::Bad)
    }

    /// What may be learnt from it: a person's word goes before the config's limits, and those before what history finds.
    pub fn lesson(&self) -> Lesson {
        match () {
            () if self.is_accepted() => Lesson::Normal,
            () if self.bad || self.is_marked_bad() => Lesson::None,
            () => Lesson::Judged,
        }
    }
}

/// The records of one dataset, by partition.
pub type Records = BTreeMap<Partition, PartitionRecord>;

/// How many partitions that land within one period are a copy, a migration or a compaction, not the daily job.
const COPIED_TOGETHER: usize = 5;

/// The partitions whose landing time tells of a copy: at least five of them were last written within one
/// period's length. A catch-up after an outage looks the same, and its arrivals are no more typical.
pub fn copied(landings: impl IntoIterator<Item = (Partition, Timestamp)>) -> BTreeSet<Partition> {
    let mut sorted: Vec<(Timestamp, Partition)> = landings.into_iter().map(|(p, t)| (t, p)).collect();
    sorted.sort();
    let mut copied = BTreeSet::new();
    let mut end = 0;
    for (start, (first, partition)) in sorted.iter().enumerate() {
        let limit = partition.cadence().nominal_seconds();
        end = end.max(start);
        while sorted.get(end).is_some_and(|(t, _)| t.duration_since(*first).as_secs() < limit) {
            end += 1;
        }
        let together = sorted.get(start..end).unwrap_or_default();
        if together.len() >= COPIED_TOGETHER {
            copied.extend(together.iter().map(|(_, p)| *p));
        }
    }
    copied
}

#[cfg(test)]
mod tests {
    use super::*;

    fn landings(rows: &[(&str, &str)]) -> BTreeSet<Partition> {
        copied(rows.iter().map(|(p, t)| (Partition::parse(p).unwrap(), t.parse().unwrap())))
    }

    #[test]
    fn five_partitions_written_within_a_day_were_copied() {
        let day = |d: i8| format!("2026-01-{d:02}");
        let rows: Vec<(String, String)> = (1..=9)
            .map(|d| {
                let at = if d <= 5 {
                    "2026-02-01T10:00:00Z".to_owned()
                } else {
                    format!("2026-01-{d:02}T10:00:00Z")
                };
                (day(d), at)
            })
            .collect();
        let rows: Vec<(&str, &str)> = rows.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
        let found: Vec<String> = landings(&rows).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"]);
    }

    #[test]
    fn a_weekend_that_lands_on_monday_was_not() {
        let rows = [
            ("2026-01-02", "2026-01-05T06:00:00Z"),
            ("2026-01-03", "2026-01-05T06:01:00Z"),
            ("2026-01-04", "2026-01-05T06:02:00Z"),
            ("2026-01-05", "2026-01-06T06:00:00Z"),
        ];
        assert!(landings(&rows).is_empty());
    }
}
