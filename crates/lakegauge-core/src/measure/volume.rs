//! Measures of volume.

use super::subject::Subject;

pub(super) fn total_file_size(subject: &Subject<'_>) -> Option<f64> {
    subject.record.look.as_ref().map(|look| look.bytes as f64)
}

pub(super) fn total_file_size_change(subject: &Subject<'_>) -> Option<f64> {
    let previous = subject.previous?.look.as_ref()?.bytes;
    Some(subject.record.look.as_ref()?.bytes as f64 - previous as f64)
}

pub(super) fn object_count(subject: &Subject<'_>) -> Option<f64> {
    subject.record.look.as_ref().map(|look| look.objects as f64)
}

pub(super) fn empty_objects(subject: &Subject<'_>) -> Option<f64> {
    subject.record.look.as_ref().map(|look| look.empty_objects as f64)
}
