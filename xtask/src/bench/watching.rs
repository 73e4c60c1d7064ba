//! `bench check`: the whole process that judges yesterday's partition on SeaweedFS, compared with a tool that only
//! adds up its size; `bench requests`: the requests of that check, compared with the prediction of `explain` and with
//! listing the dataset.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::aim::{self, Aim};
use super::contest::{self, Contender, ratio};
use super::counted::Counter;
use super::seaweed::{BUCKET, Seaweed};
use super::tree::{Shape, yesterday};
use super::{build, machine};
use crate::checkout;
use crate::tools::{self, Prefix, Set};

const ROUNDS: usize = 15;

/// A bucket with one dataset, and a config with only its path.
struct Watched {
    seaweed: Seaweed,
    lakegauge: PathBuf,
    shape: Shape,
    folder: TempDir,
}

impl Watched {
    fn new(partitions: usize) -> Result<Watched> {
        tools::run(Set::Bench)?;
        let root = checkout::root()?;
        let lakegauge = build::lakegauge(&root)?;
        let seaweed = Seaweed::start(Prefix::of(&root))?;
        let shape = Shape { partitions, objects: 500, last: yesterday() };
        let folder = tempfile::tempdir()?;
        let lake = folder.path().join("lake");
        shape.write(&lake, "events")?;
        for day in shape.days() {
            // Without it, a copy made a minute ago would look like a job that is still writing.
            fs::write(lake.join(format!("events/date={day}/_SUCCESS")), "")?;
        }
        seaweed.seed(&lake)?;
        let config =
            format!("lake: s3://{BUCKET}\ndatasets:\n  events: {{ path: \"events/date={{date}}/\" }}\n");
        fs::write(folder.path().join("lakegauge.yaml"), config)?;
        Ok(Watched { seaweed, lakegauge, shape, folder })
    }

    fn lakegauge(&self, endpoint: &str, words: &[&str]) -> Command {
        let mut command = Command::new(&self.lakegauge);
        self.seaweed.signed(&mut command);
        command.args(words).args(["--endpoint-url", endpoint]).current_dir(self.folder.path());
        command
    }

    fn check(&self, endpoint: &str) -> Command {
        self.lakegauge(endpoint, &["check", "events", "--format", "json"])
    }
}

/// `cargo xtask bench check`.
pub(super) fn run_check() -> Result<ExitCode> {
    let watched = Watched::new(60)?;
    let last = watched.shape.last;
    let endpoint = watched.seaweed.endpoint();
    let mut du = watched.seaweed.s5cmd()?;
    du.arg("du").arg(format!("s3://{BUCKET}/events/date={last}/*"));
    let judged = move |output: &str| {
        let partition = output.contains(&format!("\"{last}\""));
        partition && output.contains("\"ObjectCount\"") && output.contains("500")
    };
    let mut contenders = [
        Contender::new("lakegauge check", watched.check(&endpoint), judged),
        Contender::new("s5cmd du", du, |output| output.contains("501 objects")),
    ];
    contest::run(&mut contenders, ROUNDS)?;

    println!(
        "500 objects and a marker in one partition on SeaweedFS, {} partitions known; {}\n",
        watched.shape.partitions,
        machine::describe()
    );
    println!("{}", contest::table(&contenders, None));
    let [ours, s5cmd] = contenders.each_ref().map(Contender::median);
    Ok(aim::judge(&[Aim::at_most("wall time, of s5cmd du's", ratio(ours.wall, s5cmd.wall), 1.0 / 3.0, "×")]))
}

/// `cargo xtask bench requests`.
pub(super) fn run_requests() -> Result<ExitCode> {
    let watched = Watched::new(200)?;
    let counter = Counter::before(watched.seaweed.port())?;
    let endpoint = counter.endpoint();
    let sent = |command: Command| -> Result<(usize, String)> {
        let output = answer(command)?;
        Ok((counter.take(), output))
    };
    let (first, _) = sent(watched.check(&endpoint))?;
    let (_, explained) = sent(watched.lakegauge(&endpoint, &["explain", "events", "--json"]))?;
    let (warm, judged) = sent(watched.check(&endpoint))?;
    let mut list = watched.seaweed.tool("s5cmd")?;
    list.args(["--endpoint-url", &endpoint, "du"]).arg(format!("s3://{BUCKET}/events/*"));
    let (whole, _) = sent(list)?;

    let explained: Value = serde_json::from_str(&explained).context("explain --json")?;
    let said = explained["next_check"]["list_requests"].as_f64().context("explain has no requests")?;
    ensure!(judged.contains("ObjectCount"), "check judged nothing: {judged}");
    println!("one dataset of {} partitions with 500 objects each on SeaweedFS\n", watched.shape.partitions);
    println!("| | requests |\n|---|---|");
    println!("| first check, which learns the past | {first} |\n| second check | {warm} |");
    println!("| predicted by explain | {said} |\n| listing the dataset (s5cmd du) | {whole} |");
    Ok(aim::judge(&[
        Aim::at_most("difference from explain", (warm as f64 - said).abs(), 1.0, ""),
        Aim::at_least("fewer than listing the dataset", whole as f64 / warm as f64, 20.0, "×"),
    ]))
}

/// The standard output of a command whose exit code may report a problem of the lake.
fn answer(mut command: Command) -> Result<String> {
    let done = command.stdin(Stdio::null()).stderr(Stdio::piped()).output()?;
    let code = done.status.code().unwrap_or(-1);
    ensure!(
        matches!(code, 0 | 1),
        "{command:?} exited with {code}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}
