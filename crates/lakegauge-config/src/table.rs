//! The mappings whose keys are known, for those who walk over all keys.

use super::alarms::ALARM;
use super::key::Key;
use super::keys::{OF_DATASET, OF_TOP};
use super::receivers::OF_RECEIVER;
use super::remedies::{AIRFLOW, REMEDY};

/// A mapping of the config whose keys are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// The config itself.
    Top,
    /// A dataset, or the defaults.
    Dataset,
    /// An alarm.
    Alarm,
    /// A receiver, by its kind.
    Receiver,
    /// `remediate`.
    Remedy,
    /// `airflow` below it.
    Airflow,
}

impl Table {
    /// All of them.
    pub const ALL: [Table; 6] =
        [Table::Top, Table::Dataset, Table::Alarm, Table::Receiver, Table::Remedy, Table::Airflow];

    /// Its keys, in the order of the documentation, each with two settings of different meanings.
    pub fn keys(self) -> impl Iterator<Item = (&'static str, [&'static str; 2])> {
        self.rows().iter().map(|key| (key.name, key.examples))
    }

    /// The same, with everything that is known about a key.
    pub(super) fn rows(self) -> &'static [Key] {
        match self {
            Table::Top => &OF_TOP,
            Table::Dataset => &OF_DATASET,
            Table::Alarm => ALARM,
            Table::Receiver => &OF_RECEIVER,
            Table::Remedy => REMEDY,
            Table::Airflow => AIRFLOW,
        }
    }
}
