//! The project's chores, as `cargo xtask NAME`.
//!
//! - `tidy` proves the house rules: sizes, names, words, module docs, links, the direction of dependencies.
//! - `tools` installs into `.tools/` what tests and benchmarks need.
//! - `bench` runs lakegauge and its peers side by side and prints ratios.

mod checkout;
mod tidy;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask CHORE

  tidy    prove the house rules
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["tidy"] => tidy::run(),
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
