//! The mappings whose keys are known, for those who walk over all keys.

use super::alarms::ALARM;
use super::dataset::DATASET;
use super::lake::TOP;
use super::mapping::Key;
use super::receivers::RECEIVERS;
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

    /// The names of its keys, in the order of the documentation.
    pub fn keys(self) -> Vec<&'static str> {
        let names = |keys: &[Key]| keys.iter().map(|key| key.name).collect();
        match self {
            Table::Top => names(TOP),
            Table::Dataset => names(DATASET),
            Table::Alarm => names(ALARM),
            Table::Receiver => RECEIVERS.iter().map(|(key, _)| key.name).collect(),
            Table::Remedy => names(REMEDY),
            Table::Airflow => names(AIRFLOW),
        }
    }
}
