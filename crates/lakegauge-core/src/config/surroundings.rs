//! What a config may ask of the world.

use jiff::Timestamp;

/// What a config may ask of the world: its text names calendar files, and a due time may not exist next spring.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// Reads a file that the config names, relative to the config's folder.
    pub read: &'a dyn Fn(&str) -> Result<String, String>,
    /// The instant now.
    pub now: Timestamp,
}
