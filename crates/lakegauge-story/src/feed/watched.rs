//! A feed, and how it is watched.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::partition::{Cadence, Partition};

use crate::lake::StoryLake;
use crate::watch::{Watch, init};

/// A feed in its own lake, and how it is watched.
pub struct Feed {
    /// Its name.
    pub name: String,
    /// The lake, with all future changes.
    pub lake: StoryLake,
    /// The config, if it is not the one that `init` writes.
    pub yaml: Option<String>,
    /// The cadence of its partitions.
    pub cadence: Cadence,
    /// The first look.
    pub from: Timestamp,
    /// The last look.
    pub until: Timestamp,
    /// The time between two looks.
    pub every: SignedDuration,
    /// Days on which alarms may be right: incidents, holidays, changes. Both ends are included.
    pub excused: Vec<(Date, Date)>,
    /// Partitions that the source never had: it is right to miss them.
    pub absent: BTreeSet<Partition>,
}

impl Feed {
    /// The watch before its first look.
    pub fn watch(&self) -> Watch {
        self.lake.goes_on_to(self.from);
        match &self.yaml {
            Some(yaml) => Watch::config(&self.lake, yaml, self.from),
            None => Watch::of(&self.lake, &init(&self.lake, self.from), &[], self.from),
        }
    }

    /// Whether an alarm on `partition` may be right.
    pub fn excuses(&self, partition: Partition) -> bool {
        let (first, last) = (partition.date(), partition.next().previous().date());
        let (start, end) = (first, partition.next().date().yesterday().unwrap_or(last).max(first));
        let of_day = self.excused.iter().any(|(from, until)| start <= *until && *from <= end);
        of_day || self.absent.contains(&partition)
    }

    /// The number of months for which it is watched.
    pub fn months(&self) -> f64 {
        self.until.duration_since(self.from).as_secs_f64() / (365.25 / 12.0 * 86_400.0)
    }
}

/// The time between two looks at a feed of `cadence`. It does not divide a day, so that over weeks the looks fall on
/// every minute of the day.
pub(super) fn usual_pace(cadence: Cadence) -> SignedDuration {
    SignedDuration::from_mins(match cadence {
        Cadence::Hourly => 47,
        Cadence::Daily => 3 * 60 + 7,
        Cadence::Weekly | Cadence::Monthly => 11 * 60 + 3,
    })
}
