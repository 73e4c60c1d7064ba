//! Simulated lakes that change day by day, for tests.
//!
//! A [`StoryLake`] is a store in memory with a clock: all writes and deletions are planned in advance, and none is
//! visible before its time. A [`Watch`] looks at it as `check` does, through the real discovery, config, listing,
//! pipeline and history, with a clock that the test sets. [`Day`] and [`Dice`] are short notations for days and sizes.
//!
//! [`feed`] has complete feeds, made up or public, and [`noise`] counts the false alarms when one is watched for
//! months.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

mod day;
mod dice;
pub mod feed;
mod lake;
mod large;
pub mod noise;
mod said;
mod seeds;
mod watch;

pub use day::{Day, at, days};
pub use dice::Dice;
pub use lake::StoryLake;
pub use large::LargeLake;
pub use said::{Firing, Said};
pub use seeds::seeds;
pub use watch::{Sensor, Watch, init};
