//! `cargo xtask bench lambda`: the function beside the first design's, on one emulator of the Lambda Runtime API.
//!
//! Both look at one day of 501 objects on SeaweedFS and post to CloudWatch on ministack. Ours does more: it reads its
//! config and its state, looks at the days around, judges, and records.

use std::fs::{self, File};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::machine;
use super::seaweed::{BUCKET, Seaweed, free_ports};
use crate::tools::{self, Prefix, Set};
use crate::{checkout, package};

const EMULATOR: &str = include_str!("lambda/runtime_api.py");
const ORIGINAL: &str = include_str!("lambda/original.py");
/// Objects of the day.
const OBJECTS: usize = 501;
/// Processes of each function, and calls of each process.
const RUNS: &str = "9";
const CALLS: &str = "12";

/// What the emulator says of one function, in milliseconds and KiB.
#[derive(Clone, Debug)]
struct Figures(Value);

impl Figures {
    fn get(&self, name: &str) -> f64 {
        self.0[name].as_f64().unwrap_or(f64::NAN)
    }
}

/// Runs both, and prints the ratios against the aims. A second word names another profile than `dist`.
pub(super) fn run(profile: &str) -> Result<ExitCode> {
    tools::run(Set::Bench)?;
    let prefix = || -> Result<Prefix> { Ok(Prefix::of(&checkout::root()?)) };
    let package = package::build(profile, None)?;
    let seaweed = Seaweed::start(prefix()?)?;
    let folder = tempfile::tempdir()?;
    let day = today();
    seed(&seaweed, folder.path(), &day.to_string())?;
    let cloudwatch = CloudWatch::start(&prefix()?)?;
    let ours = measure(
        &seaweed,
        &cloudwatch,
        folder.path(),
        &json!({"lakegauge": "tick"}),
        &[package.binary.to_string_lossy().into_owned()],
        &format!("s3://{BUCKET}/deployment"),
    )?;
    fs::write(folder.path().join("original.py"), ORIGINAL)?;
    let python = prefix()?.installed("python3")?;
    let handler = ["-m", "awslambdaric", "original.lambda_handler"].map(str::to_owned);
    let command: Vec<String> = [python.to_string_lossy().into_owned()].into_iter().chain(handler).collect();
    let event = json!({"bucket": BUCKET, "prefix": format!("refined/kpi/date={day}/")});
    let theirs = measure(&seaweed, &cloudwatch, folder.path(), &event, &command, "")?;
    let counted = theirs.0["last"].as_str().unwrap_or_default().contains(&OBJECTS.to_string());
    ensure!(counted, "the original did not count the day: {}", theirs.0["last"]);
    print(&ours, &theirs, package.bytes);
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::disallowed_methods, reason = "a benchmark runs now, and its lake has a day that is today's")]
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
    // Freshness changes with every minute: the function looks, judges and records at each call.
    let dataset = "kpi:\n  path: kpi/date={date}/\n  landed_when: _SUCCESS\n  alarms:\n    TotalFileSize: { at_least: 10000 }\n    Freshness: { at_most: 2d }\n";
    fs::write(config.join("kpi.yaml"), dataset)?;
    seaweed.seed(&tree)
}

fn measure(
    seaweed: &Seaweed,
    cloudwatch: &CloudWatch,
    folder: &Path,
    event: &Value,
    command: &[String],
    state: &str,
) -> Result<Figures> {
    let emulator = folder.join("runtime_api.py");
    fs::write(&emulator, EMULATOR)?;
    let mut run = Command::new(Prefix::of(&checkout::root()?).installed("python3")?);
    seaweed.signed(&mut run);
    run.arg(emulator).args([RUNS, CALLS, &event.to_string(), "--"]).args(command).current_dir(folder);
    run.env("AWS_ENDPOINT_URL_S3", seaweed.endpoint())
        .env("AWS_ENDPOINT_URL_CLOUDWATCH", &cloudwatch.endpoint);
    run.env("_HANDLER", "schedule").env("LAKEGAUGE_STATE", state).env("LAKEGAUGE_LOG", "warn");
    eprintln!("measuring {}", command.first().map_or("", String::as_str));
    let done = run.stderr(Stdio::inherit()).output()?;
    ensure!(done.status.success(), "the emulator failed");
    Ok(Figures(serde_json::from_slice(&done.stdout)?))
}

fn print(ours: &Figures, theirs: &Figures, zip: u64) {
    println!("{}\n", machine::describe());
    println!("| | init | spawn to first answer | warm | peak memory | CPU of {CALLS} calls |");
    println!("|---|---|---|---|---|---|");
    for (name, of) in [("lakegauge-lambda", ours), ("the original, Python", theirs)] {
        println!(
            "| {name} | {:.0} ms | {:.0} ms | {:.1} ms | {:.1} MiB | {:.2} s |",
            of.get("init"),
            of.get("cold"),
            of.get("warm"),
            of.get("peak") / 1024.0,
            of.get("cpu")
        );
    }
    println!();
    let aim = |what: &str, is: f64, least: f64| {
        let met = if is >= least { "met" } else { "not met" };
        println!("- {what}: {is:.1} times, aim {least}: {met}");
    };
    aim("spawn to first answer", theirs.get("cold") / ours.get("cold"), 15.0);
    aim("warm", theirs.get("warm") / ours.get("warm"), 3.0);
    aim("peak memory, less", theirs.get("peak") / ours.get("peak"), 5.0);
    aim("zip, below 6 MB by", 6e6 / zip as f64, 1.0);
    println!("- the last answers: {} and {}", ours.0["last"], theirs.0["last"]);
}

/// A CloudWatch of our own on loopback; dropping it stops it.
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
