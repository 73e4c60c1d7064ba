//! The benchmarks by name.

use std::process::ExitCode;

use anyhow::Result;

use super::{detection, lambda, listing, looks, many, replaying, sample, scale, watching};

const NAMES: &str =
    "backtest, check, detection, init, lambda, listing, local, looks, requests, sample, scale";

/// Runs the benchmark named by the first word; the other words are its options.
pub(crate) fn run(words: &[&str]) -> Result<ExitCode> {
    match words {
        ["detection", options @ ..] => detection::run(options),
        ["backtest"] => replaying::run(),
        ["check"] => watching::run_check(),
        ["init"] => scale::run(),
        ["scale"] => many::run(),
        ["requests"] => watching::run_requests(),
        ["lambda"] => lambda::run("dist"),
        ["lambda", "--profile", profile] => lambda::run(profile),
        ["looks", options @ ..] => looks::run(options),
        ["sample", options @ ..] => sample::run(options),
        ["listing"] => listing::run(),
        ["local"] => listing::run_local(),
        _ => {
            eprintln!("usage: cargo xtask bench NAME [OPTION…], where NAME is one of: {NAMES}");
            Ok(ExitCode::from(2))
        }
    }
}
