//! Runs the scorer: prints the figures next to the peers', and compares them with the committed ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::detector::Detector;
use super::figures::{Figure, figures, to_json, worse};
use super::history::History;
use super::made;
use super::ours::Ours;
use super::peers::{Peer, Rule};
use super::score::score;
use super::tally::Score;
use crate::checkout;

/// The seed of `figures.json`.
pub(super) const SEED: u32 = 11;
/// The seeds for the spread.
const SEEDS: std::ops::Range<u32> = 1..21;

/// `cargo xtask bench detection [--check | --commit | --made | --spread]`: without an option, prints the figures next
/// to the peers', and by series; `--made` scores generated feeds of every cadence; `--spread` shows the effect of
/// other injected days; `--check` fails if a figure is worse than the committed one; `--commit` writes the figures.
pub(crate) fn run(options: &[&str]) -> Result<ExitCode> {
    let data = checkout::root()?.join("data/series");
    let histories = History::all(&data)?;
    let from = Instant::now();
    let ours = figures(&total(&histories, Ours::new, SEED));
    let took = from.elapsed();
    match options {
        ["--check"] => check(&data, &ours),
        ["--commit"] => {
            fs::write(path(&data), format!("{:#}\n", to_json(&ours)))?;
            Ok(ExitCode::SUCCESS)
        }
        [] => {
            show_columns(&histories, &ours);
            println!("\nscored in {took:.1?}");
            Ok(ExitCode::SUCCESS)
        }
        ["--made"] => {
            made::show()?;
            Ok(ExitCode::SUCCESS)
        }
        ["--spread"] => {
            show_spread(&histories);
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("bench detection [--check | --commit | --made | --spread]"),
    }
}

fn path(data: &Path) -> PathBuf {
    data.join("figures.json")
}

fn check(data: &Path, ours: &[Figure]) -> Result<ExitCode> {
    let text = fs::read_to_string(path(data)).context("no figures.json: run `bench detection --commit`")?;
    let committed: Value = serde_json::from_str(&text).context("figures.json")?;
    let mut worse = worse(ours, &committed);
    worse.extend(made::worse()?);
    for line in &worse {
        println!("worse: {line}");
    }
    println!("detection: {} figures and the generated feeds, {} worse than allowed", ours.len(), worse.len());
    Ok(if worse.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub(super) fn total<D: Detector>(histories: &[History], new: impl Fn() -> D, seed: u32) -> Score {
    let mut total = Score::default();
    for history in histories {
        total.add(&score(history, new(), seed));
    }
    total
}

/// One column for the total, one per series, one per peer.
fn show_columns(histories: &[History], ours: &[Figure]) {
    let mut columns = vec![("lakegauge", ours.to_vec())];
    for history in histories {
        columns.push((&history.name, figures(&score(history, Ours::new(), SEED))));
    }
    for (name, rule) in Rule::ALL {
        columns.push((name, figures(&total(histories, || Peer::new(rule), SEED))));
    }
    println!("| | {} |", columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" | "));
    println!("|{}", "---|".repeat(columns.len() + 1));
    for (row, figure) in ours.iter().enumerate() {
        let cell = |figure: Option<&Figure>| match figure {
            Some(Figure { value: Some(value), shown, .. }) => format!("{value} ({shown})"),
            _ => "–".to_owned(),
        };
        let cells: Vec<String> = columns.iter().map(|(_, figures)| cell(figures.get(row))).collect();
        println!("| {} | {} |", figure.name, cells.join(" | "));
    }
}

/// A table of every figure: over all series, over other injected days, with each series left out, and of each series
/// alone. Nothing is fitted to a series, so leaving one out shows how much the total depends on it.
fn show_spread(histories: &[History]) {
    let by_seed: Vec<Vec<Figure>> = SEEDS.map(|seed| figures(&total(histories, Ours::new, seed))).collect();
    let alone: Vec<Score> = histories.iter().map(|history| score(history, Ours::new(), SEED)).collect();
    let left_out = |out: usize| {
        let mut sum = Score::default();
        alone.iter().enumerate().filter(|(i, _)| *i != out).for_each(|(_, score)| sum.add(score));
        figures(&sum)
    };
    let without: Vec<Vec<Figure>> = (0..alone.len()).map(left_out).collect();
    let single: Vec<Vec<Figure>> = alone.iter().map(figures).collect();
    let (seeds, series) = (by_seed.len(), histories.len());
    println!(
        "| figure | all, seed {SEED} | over {seeds} seeds | over {series} left-out series | series alone |"
    );
    println!("|---|---|---|---|---|");
    for (row, figure) in figures(&total(histories, Ours::new, SEED)).iter().enumerate() {
        let value = figure.value.map_or_else(|| "–".to_owned(), |value| value.to_string());
        let cells = [&by_seed, &without, &single].map(|columns| range(columns, row));
        println!("| {} | {value} | {} |", figure.name, cells.join(" | "));
    }
}

/// The minimum and maximum of one figure.
fn range(columns: &[Vec<Figure>], row: usize) -> String {
    let mut values: Vec<f64> = columns.iter().filter_map(|figures| figures.get(row)?.value).collect();
    values.sort_by(f64::total_cmp);
    match (values.first(), values.last()) {
        (Some(least), Some(most)) if least < most => format!("{least}–{most}"),
        (Some(same), _) => same.to_string(),
        _ => "–".to_owned(),
    }
}
