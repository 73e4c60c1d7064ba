//! The three states of an alarm.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The state of an alarm, as CloudWatch names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Within the limit.
    Ok,
    /// Outside of the limit.
    Alarm,
    /// Too little is known; the state of a new alarm.
    #[default]
    InsufficientData,
}

impl State {
    /// The word of CloudWatch.
    pub fn name(self) -> &'static str {
        match self {
            State::Ok => "OK",
            State::Alarm => "ALARM",
            State::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
