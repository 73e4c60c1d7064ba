//! The functions: what they call, and what becomes of their messages, on real servers where there are any.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

mod calls;
mod end_to_end;
mod envelopes;
mod remedied;
