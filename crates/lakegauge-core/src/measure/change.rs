//! Measures of what happened to a partition after it had landed.

use super::subject::Subject;
use crate::mark::{Mark, Says};

/// 1 when the objects are no longer those that landed; not if a person rejected those, because then they had to be
/// written again.
pub(super) fn rewritten(subject: &Subject<'_>) -> Option<f64> {
    let landed = subject.record.landed.as_ref()?;
    let look = subject.record.look.as_ref()?;
    let redone = subject
        .record
        .mark
        .as_ref()
        .is_some_and(|mark| mark.says == Says::Bad && mark.content != Mark::of_content(Some(look)));
    Some(f64::from(u8::from(look.content != landed.content && !redone)))
}

/// Bytes lost since it landed; all of them when it was deleted.
pub(super) fn shrunk(subject: &Subject<'_>) -> Option<f64> {
    let landed = subject.record.landed.as_ref()?.bytes;
    let left = subject.record.look.as_ref().map_or(0, |look| look.bytes);
    Some(landed.saturating_sub(left) as f64)
}

/// 1 while a person rejects the current content.
pub(super) fn rejected(subject: &Subject<'_>) -> Option<f64> {
    Some(f64::from(u8::from(subject.record.is_rejected())))
}
