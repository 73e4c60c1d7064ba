//! `bench scale`: checks a local lake of very many datasets, whose history is known.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};

use super::aim::{self, Aim};
use super::contest::{mebibytes, seconds};
use super::measured::{self, Run};
use super::tree::{Shape, yesterday};
use super::{build, machine};
use crate::checkout;

const DATASETS: usize = 10_000;
const PARTITIONS: usize = 40;

/// `cargo xtask bench scale`: ten thousand datasets of forty days, one file each.
pub(super) fn run() -> Result<ExitCode> {
    let lakegauge = build::lakegauge(&checkout::root()?)?;
    let folder = tempfile::tempdir()?;
    let shape = Shape { partitions: PARTITIONS, objects: 1, last: yesterday() };
    eprintln!("writing {} partitions", DATASETS * PARTITIONS);
    let mut config = "lake: lake\ndatasets:\n".to_owned();
    for n in 0..DATASETS {
        let name = format!("dataset_{n:05}");
        shape.write(&folder.path().join("lake"), &name)?;
        let _ = writeln!(config, "  {name}: {{ path: \"{name}/date={{date}}/\" }}");
    }
    fs::write(folder.path().join("lakegauge.yaml"), config)?;
    let first = check(&lakegauge, folder.path())?;
    // The third one finds nothing of the second to write.
    let runs = [check(&lakegauge, folder.path())?, check(&lakegauge, folder.path())?];
    println!("{DATASETS} datasets × {PARTITIONS} days, one file each; {}\n", machine::describe());
    println!("| check | wall | CPU | peak memory |\n|---|---|---|---|");
    for (name, Run { cost, .. }) in [("first", &first), ("second", &runs[0]), ("third", &runs[1])] {
        println!("| {name} | {} | {} | {} |", seconds(cost.wall), seconds(cost.cpu), mebibytes(cost.memory));
    }
    let wall = runs.iter().map(|run| run.cost.wall.as_secs_f64()).fold(f64::MAX, f64::min);
    let memory = runs.iter().map(|run| run.cost.memory).max().unwrap_or(0) as f64 / 1e6;
    Ok(aim::judge(&[
        Aim::at_most("check of all", wall, 2.5, " s"),
        Aim::at_most("check of all, peak memory", memory, 64.0 + 0.004 * DATASETS as f64, " MB"),
    ]))
}

fn check(lakegauge: &Path, folder: &Path) -> Result<Run> {
    let mut command = Command::new(lakegauge);
    command.arg("check").current_dir(folder);
    let run = measured::run(&command)?;
    ensure!(run.code <= 1, "check exited with {}: {}", run.code, run.output);
    Ok(run)
}
