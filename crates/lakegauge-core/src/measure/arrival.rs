//! Measures of arrival: late or missing.

use super::subject::Subject;
use crate::lifecycle::PartitionState;

pub(super) fn landing_delay(subject: &Subject<'_>) -> Option<f64> {
    let record = subject.record;
    let landed = record.landed_at.filter(|_| record.arrival_known)?;
    Some(landed.duration_since(record.partition.end_in(subject.zone)).as_secs_f64())
}

/// 1 while the deadline has passed and there is data but it is not complete.
pub(super) fn late(subject: &Subject<'_>) -> Option<f64> {
    overdue(subject, PartitionState::Late)
}

/// 1 while the deadline has passed and nothing is there.
pub(super) fn missing(subject: &Subject<'_>) -> Option<f64> {
    overdue(subject, PartitionState::Missing)
}

fn overdue(subject: &Subject<'_>, state: PartitionState) -> Option<f64> {
    match subject.record.state {
        PartitionState::Expected | PartitionState::Arriving => None,
        now => Some(f64::from(u8::from(now == state))),
    }
}
