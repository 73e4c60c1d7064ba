//! What loading a config needs from outside.

use jiff::Timestamp;

/// What loading a config needs from outside: calendar files that its text names, and the time, because a due time may
/// not exist next spring.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Reads a file named in the config, relative to the config's folder.
    pub read: &'a dyn Fn(&str) -> Result<String, String>,
    /// The current time.
    pub now: Timestamp,
}
