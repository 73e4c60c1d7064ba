//! A problem of a config, with its place and what to do.

use std::ops::Range;

/// How serious a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// The config is valid, but perhaps not what was intended.
    Warning,
    /// The config cannot be used.
    Error,
}

/// Something wrong with a config, at a place in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How serious it is.
    pub gravity: Gravity,
    /// Bytes of the text.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// Another place that is involved, and how.
    pub also: Option<(Range<usize>, String)>,
}

impl Problem {
    pub(super) fn error(at: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { gravity: Gravity::Error, at, message: message.into(), hint: None, also: None }
    }

    pub(super) fn warning(at: Range<usize>, message: impl Into<String>) -> Problem {
        Problem { gravity: Gravity::Warning, ..Problem::error(at, message) }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Problem {
        Problem { hint: Some(hint.into()), ..self }
    }

    pub(super) fn also(self, at: Range<usize>, how: impl Into<String>) -> Problem {
        Problem { also: Some((at, how.into())), ..self }
    }
}
