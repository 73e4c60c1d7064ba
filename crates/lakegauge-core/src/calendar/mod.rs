//! Which partitions are expected: every day, weekdays, month ends, and without the days off of an iCalendar file.

mod days_off;
mod error;
mod event;
mod expectation;
mod icalendar;
mod naming;
mod recurrence;
mod stamp;
#[cfg(test)]
mod tests;

pub use error::CalendarError;
pub use expectation::{Calendar, Expectation};
