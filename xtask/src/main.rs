//! The project's chores, as `cargo xtask NAME`.
//!
//! - `tidy` proves the house rules: sizes, names, words, module docs, links, the direction of dependencies.
//! - `tools` installs into `.tools/` what tests and benchmarks need.
//! - `bench` runs lakegauge and its peers side by side and prints ratios.

mod checkout;
mod tidy;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask CHORE

  tidy             prove the house rules
  tools [--bench]  install into .tools/ what tests (and benchmarks) need
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["tidy"] => tidy::run(),
        ["tools"] => tools::run(tools::Set::Tests),
        ["tools", "--bench"] => tools::run(tools::Set::Bench),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    done.unwrap_or_else(|error| {
        eprintln!("xtask: {error:#}");
        ExitCode::FAILURE
    })
}
