//! The names of periods and of slots, for sentences.

use crate::partition::{Cadence, Partition};

/// The slot's name in the plural: `Mondays`, `days at 05h`.
pub(super) fn slot(partition: Partition) -> String {
    match partition.cadence() {
        Cadence::Hourly => format!("days at {}", hour(partition)),
        Cadence::Daily => weekdays(partition),
        Cadence::Weekly => "same weeks of a round of four".to_owned(),
        Cadence::Monthly => format!("{}s", partition.date().strftime("%B")),
    }
}

/// `Mondays`.
pub(super) fn weekdays(partition: Partition) -> String {
    format!("{}s", partition.date().strftime("%A"))
}

/// `05h`.
pub(super) fn hour(partition: Partition) -> String {
    format!("{:02}h", partition.start().hour())
}

/// `Mondays at 09h`.
pub(super) fn hours_of_week(partition: Partition) -> String {
    format!("{} at {}", weekdays(partition), hour(partition))
}

/// A period: `hour`, `day`.
pub(super) fn period(cadence: Cadence) -> &'static str {
    match cadence {
        Cadence::Hourly => "hour",
        Cadence::Daily => "day",
        Cadence::Weekly => "week",
        Cadence::Monthly => "month",
    }
}
