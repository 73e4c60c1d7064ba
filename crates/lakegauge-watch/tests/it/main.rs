//! What watches, over a simulated lake and a simulated clock: what it costs, and that chaos changes nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

mod chaos;
mod cost;
mod failures;
mod lake;
mod month;
mod remedies;
mod sinks;
mod standing;
mod world;
