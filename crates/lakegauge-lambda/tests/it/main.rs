//! The functions over a simulated lake and a simulated clock: what they cost, and that chaos changes nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

mod calls;
mod chaos;
mod cost;
mod end_to_end;
mod envelopes;
mod failures;
mod month;
mod remedied;
mod remedies;
mod standing;
mod world;
