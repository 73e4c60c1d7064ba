//! Lakes whose days are told, for tests.
//!
//! A [`StoryLake`] is a store in memory with a clock: what will be written, overwritten and deleted is said beforehand, and
//! nothing of it is visible before its time. A [`Watch`] looks at it as `check` does, through the real discovery, config,
//! listing, pipeline and history, with a clock that the test moves on. [`Day`] and [`Dice`] tell days and sizes in a few words.
//!
//! [`feed`] has whole feeds, made up or public, and [`noise`] counts the false alarms of watching one for months.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

mod day;
mod dice;
pub mod feed;
mod lake;
pub mod noise;
mod said;
mod watch;

pub use day::{Day, at, days};
pub use dice::Dice;
pub use lake::StoryLake;
pub use said::{Firing, Said};
pub use watch::{Sensor, Watch, init};
