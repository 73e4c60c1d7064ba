//! The metrics sink against a CloudWatch emulator, and against one that is throttled, unreachable or rejects values.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]
#![cfg(feature = "cloudwatch")]

mod cloudwatch;
