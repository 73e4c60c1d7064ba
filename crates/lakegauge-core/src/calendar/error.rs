//! Errors in calendars.

/// A calendar that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}; {hint}", line.map(|n| format!("line {n}: ")).unwrap_or_default())]
pub struct CalendarError {
    /// The line of the iCalendar file, from 1; `None` if there is no file.
    pub line: Option<usize>,
    /// The problem.
    pub message: String,
    /// How to fix it.
    pub hint: String,
}

impl CalendarError {
    pub(super) fn at(line: usize, message: impl Into<String>, hint: impl Into<String>) -> CalendarError {
        CalendarError { line: Some(line), message: message.into(), hint: hint.into() }
    }
}
