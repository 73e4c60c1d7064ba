//! Runs every rule and prints the breaches.

use std::process::ExitCode;

use anyhow::Result;

use super::{circles, dependencies, functions, links, modules, names, size, snapshots, words};
use crate::checkout;

/// One place that breaks a rule.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Breach {
    /// `path` or `path:line`.
    pub(super) place: String,
    /// What is wrong and how to fix it.
    pub(super) what: String,
}

impl Breach {
    pub(super) fn new(place: impl Into<String>, what: impl Into<String>) -> Breach {
        Breach { place: place.into(), what: what.into() }
    }

    pub(super) fn at(path: &str, line: usize, what: impl Into<String>) -> Breach {
        Breach::new(format!("{path}:{line}"), what)
    }
}

/// `cargo xtask tidy`: prints the sizes and every breach; fails if there are any.
pub(crate) fn run() -> Result<ExitCode> {
    let root = checkout::root()?;
    let sources = checkout::sources(&root)?;
    let rust = || sources.iter().filter(|source| source.is_rust());

    let mut breaches = Vec::new();
    for source in &sources {
        breaches.extend(names::check(source));
        breaches.extend(words::check(source));
        breaches.extend(links::check(source, |path| root.join(path).exists()));
    }
    for source in rust() {
        breaches.extend(size::check(source));
        breaches.extend(modules::check(source));
        breaches.extend(functions::check(source));
    }
    breaches.extend(circles::check(rust()));
    breaches.extend(dependencies::check(&dependencies::Graph::of_workspace(&root)?));
    breaches.extend(snapshots::check(&root)?);

    println!("{}", size::distribution(rust()));
    println!("{}", functions::longest(rust()));
    for breach in &breaches {
        println!("{}: {}", breach.place, breach.what);
    }
    println!("tidy: {} files, {} breaches", sources.len(), breaches.len());
    Ok(if breaches.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
