//! The findings of a survey, each value with its evidence.

use jiff::Timestamp;
use lakegauge_core::layout::Layout;
use lakegauge_core::partition::Partition;

/// A value that the survey inferred, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inferred<T> {
    /// The value.
    pub value: T,
    /// The evidence, as half a sentence.
    pub evidence: String,
    /// False where the evidence allows another reading: the value is shown, but not used.
    pub sure: bool,
}

/// Whether a dataset should be watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has a past and continues.
    Active,
    /// Too few partitions, or a name that may not be a date: the reason, as half a sentence.
    Doubtful(String),
    /// Nothing has come for a long time: since when, as half a sentence.
    Stopped(String),
}

/// One dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A name made of the path, unique in the lake.
    pub name: String,
    /// How its paths encode partitions.
    pub layout: Layout,
    /// Whether to watch it.
    pub standing: Standing,
    /// Partitions with data that were listed.
    pub partitions: u64,
    /// Partitions that are there besides, and were not looked at.
    pub unseen: u64,
    /// Whether there are more, of which not even the number is known.
    pub more: bool,
    /// Whether some partitions were not listed whole: the numbers of objects and bytes are at least these.
    pub cut: bool,
    /// Data objects in them.
    pub objects: u64,
    /// Bytes of the data.
    pub bytes: u64,
    /// The oldest partition with data.
    pub first: Partition,
    /// The newest partition with data that is not dated in the future.
    pub last: Partition,
    /// How a partition is known to be complete, as the config's `landed_when` writes it.
    pub marker: Option<Inferred<String>>,
    /// When partitions are due, as the config's `due` writes it, in UTC.
    pub due: Option<Inferred<String>>,
    /// When partitions landed, or why that is unknown.
    pub landing: String,
    /// The zone that its paths or its writer's clock seem to be in.
    pub zone: Option<Inferred<String>>,
    /// A possible zone of its paths, if data is older than its partition in UTC: UTC is then wrong.
    pub ahead: Option<Inferred<String>>,
    /// The days that have partitions, as the config's `calendar` writes it; in words and not sure if no calendar
    /// matches. `None` for weekly and monthly data.
    pub calendar: Option<Inferred<String>>,
    /// The format of the data, by extension.
    pub format: Option<Inferred<String>>,
    /// The evidence, if the store's write times are those of a copy.
    pub copied: Option<String>,
    /// Further facts for the reviewer.
    pub notes: Vec<String>,
}

impl Finding {
    /// The zone that a reviewer should consider, if one other than UTC is likely.
    pub fn zone_hint(&self) -> Option<&Inferred<String>> {
        self.ahead.as_ref().or(self.zone.as_ref())
    }
}

/// A folder without any date in its paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undated {
    /// The folder with its `/`; empty for the lake's root.
    pub folder: String,
    /// Objects in it.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// One of the keys.
    pub example: String,
}

/// Keys that few tools can read: empty levels, `.` and `..`, control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Oddities {
    /// How many.
    pub objects: u64,
    /// Up to three of them, escaped.
    pub examples: Vec<String>,
}

/// Everything found in one listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// When the lake was listed.
    pub now: Timestamp,
    /// Objects listed.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Whether only a sample of the lake was listed.
    pub sampled: bool,
    /// The datasets, by path.
    pub datasets: Vec<Finding>,
    /// Folders that are not datasets.
    pub undated: Vec<Undated>,
    /// Keys that need attention.
    pub odd: Oddities,
}
