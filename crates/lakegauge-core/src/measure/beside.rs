//! Measures that compare a partition with earlier ones.

use super::subject::Subject;

/// How many parts are missing.
pub(super) fn missing_parts(subject: &Subject<'_>) -> Option<f64> {
    subject.beside?.roll.as_ref().map(|call| call.missing.len() as f64)
}

/// 1 when it is a copy of an earlier partition.
pub(super) fn identical(subject: &Subject<'_>) -> Option<f64> {
    subject.record.look.as_ref()?;
    Some(f64::from(u8::from(subject.beside?.twin.is_some())))
}
