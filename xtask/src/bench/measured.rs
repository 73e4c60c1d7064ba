//! The cost of one run of a command: wall time, CPU and peak memory, as counted by the kernel.
//!
//! The kernel only keeps sums and maxima of `getrusage` over all children, so each run gets its own parent: this
//! program again, as `xtask measured`. The minimum of a peak is that parent, some 4 MiB.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde_json::{Value, json};

/// The cost of one run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cost {
    /// From spawn to exit.
    pub(super) wall: Duration,
    /// User and system time, of the process and all that it waited for.
    pub(super) cpu: Duration,
    /// Peak resident memory in bytes.
    pub(super) memory: u64,
}

/// A completed run.
pub(super) struct Run {
    pub(super) cost: Cost,
    /// Its standard output.
    pub(super) output: String,
    /// Its exit code.
    pub(super) code: i32,
}

/// Runs the command with its environment and folder, and measures its cost.
pub(super) fn run(command: &Command) -> Result<Run> {
    let report = tempfile::NamedTempFile::new()?;
    let mut parent = Command::new(std::env::current_exe()?);
    parent.arg("measured").arg(report.path()).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => parent.env(name, value),
            None => parent.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        parent.current_dir(folder);
    }
    let done = parent.stdin(Stdio::null()).output()?;
    ensure!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    let report: Value = serde_json::from_slice(&fs::read(report.path())?)?;
    let micros =
        |name: &str| report[name].as_u64().map(Duration::from_micros).context("a report without times");
    let code = report["code"].as_i64().unwrap_or(-1) as i32;
    let memory = report["memory"].as_u64().context("a report without memory")?;
    let cost = Cost { wall: micros("wall")?, cpu: micros("cpu")?, memory };
    let output = String::from_utf8_lossy(&done.stdout).into_owned();
    Ok(Run { cost, output, code })
}

/// The parent's side, `xtask measured REPORT PROGRAM ARG…`: runs the program and writes its cost.
pub(crate) fn measure_one(words: &[OsString]) -> Result<ExitCode> {
    let [report, program, arguments @ ..] = words else { anyhow::bail!("measured REPORT PROGRAM ARG…") };
    let from = Instant::now();
    let status =
        Command::new(program).args(arguments).status().with_context(|| program.display().to_string())?;
    let wall = from.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // The kernel counts ru_maxrss in KiB.
    let cost = json!({"wall": wall.as_micros(), "cpu": cpu, "memory": usage.max_rss() * 1024, "code": status.code()});
    fs::write(Path::new(report), cost.to_string())?;
    Ok(ExitCode::SUCCESS)
}
