//! One feed, and how it is watched.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::partition::{Cadence, Partition};

use crate::lake::StoryLake;
use crate::watch::{Watch, init};

/// One feed, written to a lake of its own, and how it is watched.
pub struct Feed {
    /// What it is.
    pub name: String,
    /// The lake, with all that will happen to it.
    pub lake: StoryLake,
    /// The config, where it is not what `init` writes.
    pub yaml: Option<String>,
    /// How long its periods are.
    pub cadence: Cadence,
    /// The first look.
    pub from: Timestamp,
    /// The last look.
    pub until: Timestamp,
    /// From one look to the next.
    pub every: SignedDuration,
    /// Days of which an alarm may tell: incidents, holidays, changes. Both ends are among them.
    pub excused: Vec<(Date, Date)>,
}

impl Feed {
    /// The watch at its first look, before it is made.
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
        self.excused.iter().any(|(from, until)| start <= *until && *from <= end)
    }

    /// The months for which it is watched.
    pub fn months(&self) -> f64 {
        self.until.duration_since(self.from).as_secs_f64() / (365.25 / 12.0 * 86_400.0)
    }
}

/// Between two looks at a feed of `cadence`: no divisor of a day, so that over the weeks every minute of the day is met.
pub(super) fn usual_pace(cadence: Cadence) -> SignedDuration {
    SignedDuration::from_mins(match cadence {
        Cadence::Hourly => 47,
        Cadence::Daily => 3 * 60 + 7,
        Cadence::Weekly | Cadence::Monthly => 11 * 60 + 3,
    })
}
