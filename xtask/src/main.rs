//! The project's chores, as `cargo xtask NAME`.
//!
//! - `tidy` checks the house rules: sizes, names, words, module docs, links, the direction of dependencies.
//! - `tools` installs into `.tools/` what tests and benchmarks need.
//! - `package-lambda` builds the zip of the functions for AWS Lambda.
//! - `charts` draws the charts of docs/detection.md, and writes its table of peers, from the detector's verdicts.
//! - `bench` runs lakegauge and its peers in turns and prints ratios.

mod bench;
mod charts;
mod checkout;
mod package;
mod tidy;
mod tools;

use std::borrow::Cow;
use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

const USAGE: &str = "\
usage: cargo xtask CHORE

  tidy             prove the house rules
  bench NAME       run a benchmark beside its peers
  charts [--check] draw what docs/detection.md shows, or prove that it is what the detector says
  package-lambda [--profile P] [--arm64 | --target T]
                   build the zip for AWS Lambda (profile dist), and check it
  tools [--bench]  install into .tools/ what tests (and benchmarks) need
";

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let done = match words.split_first() {
        // The benchmarks call it themselves, with a command line of arbitrary bytes.
        Some((chore, command)) if chore == "measured" => bench::measure_one(command),
        _ => chore(&words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>()),
    };
    done.unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}

fn chore(words: &[Cow<'_, str>]) -> Result<ExitCode> {
    match words.iter().map(AsRef::as_ref).collect::<Vec<_>>().as_slice() {
        ["bench", options @ ..] => bench::run(options),
        ["charts", options @ ..] => charts::run(options),
        ["package-lambda", options @ ..] => package::run(options),
        ["tidy"] => tidy::run(),
        ["tools"] => tools::run(tools::Set::Tests),
        ["tools", "--bench"] => tools::run(tools::Set::Bench),
        _ => {
            eprint!("{USAGE}");
            Ok(ExitCode::from(2))
        }
    }
}
