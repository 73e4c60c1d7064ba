//! `cargo xtask bench lambda`: the function compared with the first design, on one emulator of the Lambda Runtime
//! API.
//!
//! Both look at one day of 501 objects on SeaweedFS and post to CloudWatch on ministack. lakegauge does more: it
//! reads its config and state, looks at the days around, judges, and records.

use std::fs::{self, File};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::aim::{self, Aim};
use super::machine;
use super::seaweed::{BUCKET, Seaweed, free_ports};
use crate::tools::{self, Prefix, Set};
use crate::{checkout, package};

const EMULATOR: &str = include_str!("lambda/runtime_api.py");
const ORIGINAL: &str = include_str!("lambda/original.py");
/// Objects of the day.
const OBJECTS: usize = 501;
/// Processes of each function, in turns, and calls per process.
const ROUNDS: usize = 9;
const CALLS: usize = 12;

/// One of the two functions.
struct Function {
    name: &'static str,
    event: Value,
    command: Vec<String>,
    /// The emulator's measurements of each process: milliseconds, KiB, and seconds of CPU.
    runs: Vec<Value>,
}

impl Function {
    fn new(name: &'static str, event: Value, command: Vec<String>) -> Function {
        Function { name, event, command, runs: Vec::new() }
    }

    /// The median over all processes.
    fn median(&self, figure: &str) -> f64 {
        let mut values: Vec<f64> = self.runs.iter().filter_map(|run| run[figure].as_f64()).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    }

    fn last_answer(&self) -> &str {
        self.runs.last().and_then(|run| run["last"].as_str()).unwrap_or_default()
    }
}

/// Runs both, and prints the ratios against the targets. A second word selects another profile than `dist`.
pub(super) fn run(profile: &str) -> Result<ExitCode> {
    tools::run(Set::Bench)?;
    let prefix = Prefix::of(&checkout::root()?);
    let package = package::build(profile, None)?;
    let seaweed = Seaweed::start(Prefix::of(&checkout::root()?))?;
    let folder = tempfile::tempdir()?;
    let day = today().to_string();
    seed(&seaweed, folder.path(), &day)?;
    let cloudwatch = CloudWatch::start(&prefix)?;
    fs::write(folder.path().join("original.py"), ORIGINAL)?;
    let binary = vec![package.binary.to_string_lossy().into_owned()];
    let python = prefix.installed("python3")?.to_string_lossy().into_owned();
    let handler = ["-m", "awslambdaric", "original.lambda_handler"].map(str::to_owned);
    let original = [python].into_iter().chain(handler).collect();
    let event = json!({"bucket": BUCKET, "prefix": format!("refined/kpi/date={day}/")});
    let mut ours = Function::new("lakegauge-lambda", json!({"lakegauge": "tick"}), binary);
    let mut theirs = Function::new("the original, Python", event, original);
    for round in 0..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        for function in [&mut ours, &mut theirs] {
            let measured = measure(&seaweed, &cloudwatch, folder.path(), function)?;
            // The first process of each reads its files from disk, and ours learns the past.
            if round > 0 {
                function.runs.push(measured);
            }
        }
    }
    let counted = theirs.last_answer().contains(&OBJECTS.to_string());
    ensure!(counted, "the original did not count the day: {}", theirs.last_answer());
    ensure!(ours.last_answer().contains("looks\":1"), "ours did not look: {}", ours.last_answer());
    Ok(print(&ours, &theirs, package.bytes))
}

#[expect(clippy::disallowed_methods, reason = "the benchmark's lake needs today's date")]
fn today() -> jiff::civil::Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn seed(seaweed: &Seaweed, folder: &Path, day: &str) -> Result<()> {
    let tree = folder.join("tree");
    let partition = tree.join(format!("refined/kpi/date={day}"));
    let config = tree.join("deployment/config/datasets");
    fs::create_dir_all(&partition)?;
    fs::create_dir_all(&config)?;
    for n in 1..OBJECTS {
        fs::write(partition.join(format!("part-{n:05}")), [b'x'; 100])?;
    }
    fs::write(partition.join("_SUCCESS"), "")?;
    fs::write(tree.join("deployment/config/base.yaml"), format!("lake: s3://{BUCKET}/refined\n"))?;
    // Freshness changes every minute, so the function looks, judges and records at each call.
    let dataset = "kpi:\n  path: kpi/date={date}/\n  landed_when: _SUCCESS\n  alarms:\n    TotalFileSize: { at_least: 10000 }\n    Freshness: { at_most: 2d }\n";
    fs::write(config.join("kpi.yaml"), dataset)?;
    seaweed.seed(&tree)
}

/// One process of a function.
fn measure(seaweed: &Seaweed, cloudwatch: &CloudWatch, folder: &Path, function: &Function) -> Result<Value> {
    let emulator = folder.join("runtime_api.py");
    fs::write(&emulator, EMULATOR)?;
    let mut run = Command::new(Prefix::of(&checkout::root()?).installed("python3")?);
    seaweed.signed(&mut run);
    run.arg(emulator).args(["1", &CALLS.to_string(), &function.event.to_string(), "--"]);
    run.args(&function.command).current_dir(folder);
    run.env("AWS_ENDPOINT_URL_S3", seaweed.endpoint())
        .env("AWS_ENDPOINT_URL_CLOUDWATCH", &cloudwatch.endpoint)
        .env("LAKEGAUGE_STATE", format!("s3://{BUCKET}/deployment"))
        .env("LAKEGAUGE_LOG", "warn")
        .env("_HANDLER", "schedule");
    let done = run.stderr(Stdio::inherit()).output()?;
    ensure!(done.status.success(), "the emulator failed");
    Ok(serde_json::from_slice(&done.stdout)?)
}

fn print(ours: &Function, theirs: &Function, zip: u64) -> ExitCode {
    println!("{}; medians of {ROUNDS} processes of {CALLS} calls each, in turns\n", machine::describe());
    println!("| | init | spawn to first answer | warm | peak memory | CPU of {CALLS} calls |");
    println!("|---|---|---|---|---|---|");
    for of in [ours, theirs] {
        println!(
            "| {} | {:.0} ms | {:.0} ms | {:.1} ms | {:.1} MiB | {:.2} s |",
            of.name,
            of.median("init"),
            of.median("cold"),
            of.median("warm"),
            of.median("peak") / 1024.0,
            of.median("cpu")
        );
    }
    let times = |figure: &str| theirs.median(figure) / ours.median(figure);
    aim::judge(&[
        Aim::at_least("spawn to first answer", times("cold"), 15.0, " times faster"),
        Aim::at_least("warm", times("warm"), 3.0, " times faster"),
        Aim::at_most("peak memory", 1.0 / times("peak"), 0.2, " of the original's"),
        Aim::at_most("zip", zip as f64 / 1e6, 6.0, " MB"),
    ])
}

/// A CloudWatch emulator on loopback; dropping it stops it.
struct CloudWatch {
    server: Child,
    endpoint: String,
}

impl CloudWatch {
    fn start(tools: &Prefix) -> Result<CloudWatch> {
        let port = *free_ports(1)?.first().context("no port")?;
        let log = File::create(std::env::temp_dir().join(format!("lakegauge-bench-{port}.log")))?;
        let server = Command::new(tools.installed("ministack")?)
            .envs([("BIND_HOST", "127.0.0.1"), ("SERVICES", "cloudwatch"), ("IOT_MTLS_ENABLED", "0")])
            .env("GATEWAY_PORT", port.to_string())
            .env("SFTP_ENABLED", "0")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let server = CloudWatch { server, endpoint: format!("http://127.0.0.1:{port}") };
        let from = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(from.elapsed() < Duration::from_secs(60), "ministack does not answer");
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(server)
    }
}

impl Drop for CloudWatch {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
