//! `bench init`: finds, configures and checks a lake with 100 datasets and a year of data on the local file system.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};
use serde_json::Value;

use super::aim::{self, Aim};
use super::contest::{mebibytes, seconds};
use super::measured::{self, Run};
use super::tree::{Shape, yesterday};
use super::{build, machine};
use crate::checkout;

const DATASETS: usize = 100;

/// `cargo xtask bench init`.
pub(super) fn run() -> Result<ExitCode> {
    let lakegauge = build::lakegauge(&checkout::root()?)?;
    let folder = tempfile::tempdir()?;
    let lake = folder.path().join("lake");
    let shape = Shape { partitions: 365, objects: 2, last: yesterday() };
    eprintln!("writing {} partitions", DATASETS * shape.partitions);
    for dataset in 0..DATASETS {
        shape.write(&lake, &format!("area_{}/dataset_{dataset:03}", dataset % 7))?;
    }
    let run = |words: &[&str]| -> Result<Run> { measure(&lakegauge, folder.path(), words) };
    let init = run(&["init", &lake.display().to_string(), "-o", "lakegauge.yaml"])?;
    ensure!(init.code == 0, "init exited with {}: {}", init.code, init.output);
    let first = run(&["check", "--format", "json"])?;
    let warm = run(&["check", "--format", "json"])?;
    let checked = datasets_in(&first)?.min(datasets_in(&warm)?);
    ensure!(checked == DATASETS, "{checked} of {DATASETS} datasets were found and checked");

    println!(
        "{DATASETS} datasets × {} days, {} files each; {}\n",
        shape.partitions,
        shape.objects,
        machine::describe()
    );
    println!("| | wall | CPU | peak memory |\n|---|---|---|---|");
    for (name, Run { cost, .. }) in
        [("init", &init), ("first check of all datasets", &first), ("second check of all datasets", &warm)]
    {
        println!("| {name} | {} | {} | {} |", seconds(cost.wall), seconds(cost.cpu), mebibytes(cost.memory));
    }
    Ok(aim::judge(&[
        Aim::at_most("init", init.cost.wall.as_secs_f64(), 60.0, " s"),
        Aim::at_most("init, peak memory", init.cost.memory as f64 / 1e6, 200.0, " MB"),
        Aim::at_most("check of all", warm.cost.wall.as_secs_f64(), 2.0, " s"),
    ]))
}

fn measure(lakegauge: &Path, folder: &Path, words: &[&str]) -> Result<Run> {
    let mut command = Command::new(lakegauge);
    command.args(words).current_dir(folder);
    measured::run(&command)
}

/// The number of datasets that a check reported; the exit code says whether they are healthy, which does not matter
/// here.
fn datasets_in(run: &Run) -> Result<usize> {
    let report: Value = serde_json::from_str(&run.output)?;
    Ok(report["datasets"].as_array().map_or(0, Vec::len))
}
