//! What is wrong with a template, where, and what to write instead.

use std::ops::Range;

/// A template that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LayoutError {
    /// The offending bytes of the template.
    pub at: Range<usize>,
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl LayoutError {
    pub(super) fn new(at: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> LayoutError {
        LayoutError { at, message: message.into(), hint: hint.into() }
    }
}

pub(super) type Result<T> = std::result::Result<T, LayoutError>;
