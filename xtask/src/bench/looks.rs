//! `bench looks`: replays made-up and public feeds day by day through the whole pipeline, with a look every few hours
//! for months, and counts the false alarms.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};

use super::build;
use crate::checkout;

/// False alarms per dataset per month, by the origin of the feeds and their cadence.
type Figures = BTreeMap<String, f64>;

/// `cargo xtask bench looks [--check | --commit] [--held-out FOLDER]`: `--check` fails if a figure is worse than the
/// committed one, `--commit` writes the figures, and FOLDER has the output of `data/held-out/prepare.py`.
pub(super) fn run(options: &[&str]) -> Result<ExitCode> {
    let (check, commit, held_out) = match options {
        [] => (false, false, None),
        ["--check"] => (true, false, None),
        ["--commit"] => (false, true, None),
        ["--held-out", folder] => (false, false, Some(*folder)),
        ["--check", "--held-out", folder] => (true, false, Some(*folder)),
        ["--commit", "--held-out", folder] => (false, true, Some(*folder)),
        _ => bail!("bench looks [--check | --commit] [--held-out FOLDER]"),
    };
    let root = checkout::root()?;
    let committed = root.join("data/looks.json");
    let mut command = Command::new(build::looks(&root)?);
    command.arg(root.join("data/series"));
    command.args(held_out.iter().flat_map(|folder| ["--held-out", folder]));
    if !check && !commit {
        return Ok(if command.status()?.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let done = command.arg("--json").output()?;
    ensure!(done.status.success(), "looks: {}", String::from_utf8_lossy(&done.stderr));
    let figures: Figures = serde_json::from_slice(&done.stdout).context("what `looks` printed")?;
    if commit {
        let mut all = read(&committed).unwrap_or_default();
        all.extend(figures);
        fs::write(&committed, format!("{}\n", serde_json::to_string_pretty(&all)?))?;
        return Ok(ExitCode::SUCCESS);
    }
    let worse = worse(&figures, &read(&committed)?);
    worse.iter().for_each(|line| println!("worse: {line}"));
    println!("looks: {} figures, {} worse than they may be", figures.len(), worse.len());
    Ok(if worse.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(path: &Path) -> Result<Figures> {
    let text = fs::read_to_string(path).context("data/looks.json: `bench looks --commit` writes it")?;
    serde_json::from_str(&text).context("data/looks.json")
}

/// The figures that are higher than the committed ones, or that have none.
fn worse(figures: &Figures, committed: &Figures) -> Vec<String> {
    let worse = |(name, now): (&String, &f64)| match committed.get(name) {
        Some(before) if now <= before => None,
        Some(before) => Some(format!("{name}: {now} false alarms per dataset per month, was {before}")),
        None => Some(format!("{name}: {now} false alarms per dataset per month, and no figure is committed")),
    };
    figures.iter().filter_map(worse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_got_worse_is_named() {
        let figures = |rows: &[(&str, f64)]| -> Figures {
            rows.iter().map(|(name, rate)| ((*name).to_owned(), *rate)).collect()
        };
        let committed = figures(&[("made, daily", 0.1), ("public, daily", 0.2)]);
        let check = |rows: &[(&str, f64)], expect: usize| {
            assert_eq!(worse(&figures(rows), &committed).len(), expect, "{rows:?}");
        };
        check(&[("made, daily", 0.1), ("public, daily", 0.0)], 0);
        check(&[("made, daily", 0.101)], 1);
        check(&[("made, hourly", 0.0)], 1);
    }
}
