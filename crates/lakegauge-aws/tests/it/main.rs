//! The sink of metrics against a CloudWatch that runs here, and one that is busy, away or choosy.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]
#![cfg(feature = "cloudwatch")]

mod cloudwatch;
