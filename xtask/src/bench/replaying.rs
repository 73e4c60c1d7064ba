//! `bench backtest`: a year of 100 datasets replayed, and one series judged partition by partition.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Result, ensure};
use jiff::ToSpan as _;
use jiff::civil::date;
use serde_json::{Value, json};

use super::aim::{self, Aim};
use super::contest::{mebibytes, seconds};
use super::measured::{self, Run};
use super::tree::{Shape, yesterday};
use super::{build, machine};
use crate::checkout;

const DATASETS: usize = 100;
const DAYS: usize = 365;
/// Partitions of the single series: after the first 400, each has that much history.
const PARTITIONS: i32 = 100_000;

/// `cargo xtask bench backtest`.
pub(super) fn run() -> Result<ExitCode> {
    let lakegauge = build::lakegauge(&checkout::root()?)?;
    let folder = tempfile::tempdir()?;
    let lake = folder.path().join("lake");
    let shape = Shape { partitions: DAYS, objects: 2, last: yesterday() };
    for dataset in 0..DATASETS {
        shape.write(&lake, &format!("dataset_{dataset:03}"))?;
    }
    let run = |words: &[&str]| -> Result<Run> {
        let mut command = Command::new(&lakegauge);
        command.args(words).current_dir(folder.path());
        measured::run(&command)
    };
    let init = run(&["init", &lake.display().to_string(), "-o", "lakegauge.yaml"])?;
    ensure!(init.code == 0, "init exited with {}: {}", init.code, init.output);
    let check = run(&["check", "--format", "json"])?;
    let backtest = run(&["backtest", "--days", "365", "--format", "json"])?;
    let found: Value = serde_json::from_str(&backtest.output)?;
    let judged = found["configs"][0]["judged"].as_u64().unwrap_or(0);
    ensure!(judged as usize > DATASETS * (DAYS - 5), "{judged} partitions were judged");
    let each = single(&lakegauge, folder.path())?;

    println!("{DATASETS} datasets × {DAYS} days, {judged} partitions judged; {}\n", machine::describe());
    println!("| | wall | CPU | peak memory |\n|---|---|---|---|");
    for (name, Run { cost, .. }) in
        [("first check, which lists the lake", &check), ("backtest of all datasets", &backtest)]
    {
        println!("| {name} | {} | {} | {} |", seconds(cost.wall), seconds(cost.cpu), mebibytes(cost.memory));
    }
    Ok(aim::judge(&[
        Aim::at_most("backtest of all datasets", backtest.cost.wall.as_secs_f64(), 5.0, " s"),
        Aim::at_most("a partition of a single series, read, judged and written", each, 50.0, " µs"),
    ]))
}

/// Microseconds for each fact of one long series, through `lakegauge judge`: reading, judging, learning and writing.
fn single(lakegauge: &Path, folder: &Path) -> Result<f64> {
    let path = folder.join("facts.jsonl");
    let mut facts = BufWriter::new(File::create(&path)?);
    for n in 0..PARTITIONS {
        let day = date(1900, 1, 1).checked_add(n.days())?;
        let landed = format!("{}T03:{:02}:00Z", day.tomorrow()?, n % 60);
        let bytes = 1_000_000 + i64::from(n) * 37 % 101 * 1_000;
        let metrics = json!({"TotalFileSize": bytes, "ObjectCount": 4});
        let fact =
            json!({"series": "t", "partition": day.to_string(), "landed_at": landed, "metrics": metrics});
        writeln!(facts, "{fact}")?;
    }
    facts.flush()?;
    let mut command = Command::new(lakegauge);
    command.arg("judge").stdin(File::open(&path)?).stdout(Stdio::piped());
    let from = Instant::now();
    let done = command.output()?;
    let took = from.elapsed();
    let verdicts = done.stdout.iter().filter(|byte| **byte == b'\n').count();
    ensure!(done.status.success() && verdicts == PARTITIONS as usize, "{verdicts} verdicts");
    Ok(took.as_secs_f64() * 1e6 / f64::from(PARTITIONS))
}
