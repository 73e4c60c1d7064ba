//! A dataset as configured: everything the pipeline needs to look at it and to judge it.

use std::fmt;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::about::About;
use crate::alarm::{Limit, Rule, Severity};
use crate::calendar::Calendar;
use crate::due::Due;
use crate::layout::{Layout, Marker};
use crate::metric::{Alarmed, Metric};
use crate::name;
use crate::remedy::Remedy;

/// The file that Hadoop, Spark and similar tools write when a job has finished.
pub const SUCCESS: &str = "_SUCCESS";

/// How a partition is known to be complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LandedWhen {
    /// A marker object, in the partition or at the dataset's root.
    Marker(Marker),
    /// Nothing was written for this many seconds.
    Quiet {
        /// Seconds without a write.
        seconds: i64,
    },
    /// Not set: a `_SUCCESS` marker if past partitions have one, otherwise quiescence.
    Inferred,
}

impl LandedWhen {
    /// The marker's name below the partition's prefix that a look must recognise; `None` if no object in the
    /// partition is a marker.
    pub fn marker_inside(&self) -> Option<&str> {
        match self {
            LandedWhen::Marker(Marker::Inside(name)) => Some(name),
            LandedWhen::Marker(Marker::Root(_)) | LandedWhen::Quiet { .. } => None,
            LandedWhen::Inferred => Some(SUCCESS),
        }
    }
}

impl fmt::Display for LandedWhen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LandedWhen::Marker(marker) => marker.fmt(f),
            LandedWhen::Quiet { seconds } if seconds % 60 == 0 => write!(f, "quiet {}m", seconds / 60),
            LandedWhen::Quiet { seconds } => write!(f, "quiet {seconds}s"),
            LandedWhen::Inferred => f.write_str("inferred"),
        }
    }
}

/// A table-like prefix of the lake that is watched.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The name from the config; for a split, with the value of the splitting key in brackets.
    pub name: String,
    /// How paths encode the partition.
    pub layout: Layout,
    /// The values of the layout's splitting keys for this dataset, in the layout's order.
    pub splits: Vec<String>,
    /// The time zone of its partitions and due times.
    pub zone: TimeZone,
    /// Which partitions are expected at all.
    pub calendar: Calendar,
    /// When a partition must have landed; `None`: learned.
    pub due: Option<Due>,
    /// How a partition is known to be complete.
    pub landed_when: LandedWhen,
    /// What is judged; shared by all datasets that do not state their own.
    pub rules: Arc<[Rule]>,
    /// How many recent partitions are checked again for rewriting, shrinking and deletion.
    pub look_back: u32,
    /// For how long a history keeps what it has seen, at least.
    pub retention: SignedDuration,
    /// What messages about it say besides.
    pub about: About,
    /// Description for humans.
    pub description: Option<String>,
    /// The receivers to notify, by name.
    pub notify: Vec<String>,
    /// What runs when it is in alarm.
    pub remedy: Option<Remedy>,
}

impl Dataset {
    /// A dataset with only a name and a path: in UTC, expected every day, with everything else learned and
    /// [`default_rules`].
    pub fn new(name: impl Into<String>, layout: Layout) -> Dataset {
        Dataset {
            name: name.into(),
            layout,
            splits: Vec::new(),
            zone: TimeZone::UTC,
            calendar: Calendar::default(),
            due: None,
            landed_when: LandedWhen::Inferred,
            rules: default_rules().into(),
            look_back: LOOK_BACK,
            retention: RETENTION,
            about: About::default(),
            description: None,
            notify: Vec::new(),
            remedy: None,
        }
    }

    /// Whether its path has splitting keys.
    pub fn is_split(&self) -> bool {
        !self.layout.splits().is_empty()
    }

    /// One split of the dataset, with the values in the layout's order.
    pub fn split(&self, values: Vec<String>) -> Dataset {
        Dataset { name: name::of_split(&self.name, &values), splits: values, ..self.clone() }
    }
}

/// The rules if the config sets none: a partition came, came on time, is as large as history expects and has not
/// changed since; it is complete and not a copy, as far as the names and sizes of its objects show. A config's alarm
/// on the same metric replaces the one here.
pub fn default_rules() -> Vec<Rule> {
    let rule = |metric: &Metric| {
        let severity = match metric.row().alarmed {
            Alarmed::No => return None,
            Alarmed::Warning => Severity::Warning,
            Alarmed::Critical => Severity::Critical,
        };
        let limit = if metric.is_learned() { Limit::Learned } else { Limit::at_most(0.0) };
        Some(Rule { severity, ..Rule::new(*metric, limit) })
    };
    Metric::ALL.iter().filter_map(rule).collect()
}

/// How many recent partitions are checked again if the config does not say.
pub const LOOK_BACK: u32 = 3;

/// For how long a history keeps what it has seen, unless the config says otherwise: 400 days.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(400 * 24);
