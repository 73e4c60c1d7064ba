//! Tests of the `lakegauge` program from outside: command lines in, text and exit codes out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its support code too")]

mod fake_s3;
mod harness;
mod lakes;

mod awkward;
mod backtests;
mod broken;
mod checks;
mod costs;
mod derived;
mod digested;
mod explained;
mod histories;
mod hostile;
mod hours;
mod inits;
mod interruption;
mod judged;
mod marked;
mod obstacles;
mod origins;
mod pasts;
mod permissions;
mod planned;
mod real_lakes;
mod servers;
mod splits;
mod terraformed;
mod texts;
mod waits;
