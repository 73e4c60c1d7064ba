//! `bench listing`: one pass over 100,000 objects in 200 partitions on SeaweedFS, compared with the tools that people
//! use for it; `bench local`: the same tree on the local file system, compared with `du`.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;
use jiff::civil::Date;

use super::aim::{self, Aim};
use super::contest::{self, Contender, ratio};
use super::seaweed::{BUCKET, Seaweed};
use super::tree::Shape;
use super::{build, machine};
use crate::checkout;
use crate::tools::{self, Prefix, Set};

const SHAPE: Shape = Shape { partitions: 200, objects: 500, last: Date::constant(2026, 11, 21) };
const OBJECTS: usize = SHAPE.partitions * SHAPE.objects;
const ROUNDS: usize = 7;

/// How most people list a bucket: the SDK's paginator, with the page size at its maximum of 1,000.
const PAGINATOR: &str = "\
import boto3, sys
pages = boto3.client('s3', endpoint_url=sys.argv[1]).get_paginator('list_objects_v2').paginate(Bucket=sys.argv[2])
count = size = 0
for page in pages:
    for item in page.get('Contents', []):
        count, size = count + 1, size + item['Size']
print(count, size)
";

/// `cargo xtask bench listing`.
pub(super) fn run() -> Result<ExitCode> {
    tools::run(Set::Bench)?;
    let root = checkout::root()?;
    let lister = build::lister(&root)?;
    let seaweed = Seaweed::start(Prefix::of(&root))?;
    let lake = tempfile::tempdir()?;
    SHAPE.write(lake.path(), "events")?;
    seaweed.seed(lake.path())?;

    let mut contenders = [
        Contender::new("lakegauge", ours(&seaweed, &lister), all_of_them),
        Contender::new("s5cmd du", s5cmd(&seaweed)?, all_of_them),
        Contender::new("rclone size --fast-list", rclone(&seaweed)?, all_of_them),
        Contender::new("boto3 paginator", paginator(&seaweed)?, all_of_them),
    ];
    contest::run(&mut contenders, ROUNDS)?;

    println!("{OBJECTS} objects in {} partitions on SeaweedFS; {}\n", SHAPE.partitions, machine::describe());
    println!("{}", contest::table(&contenders, Some((OBJECTS, "objects"))));
    let [ours, s5cmd, rclone, boto3] = contenders.each_ref().map(Contender::median);
    let faster = if s5cmd.wall < rclone.wall { s5cmd } else { rclone };
    Ok(aim::judge(&[
        Aim::at_least("speed, of the faster of s5cmd and rclone", ratio(faster.wall, ours.wall), 2.0, "×"),
        Aim::at_least("speed, of boto3's paginator", ratio(boto3.wall, ours.wall), 4.0, "×"),
        Aim::at_most("CPU, of the faster one's", ratio(ours.cpu, faster.cpu), 1.0, "×"),
        Aim::at_most("memory, of the faster one's", ours.memory as f64 / faster.memory as f64, 1.0, "×"),
    ]))
}

/// `cargo xtask bench local`.
pub(super) fn run_local() -> Result<ExitCode> {
    let root = checkout::root()?;
    let lister = build::lister(&root)?;
    let lake = tempfile::tempdir()?;
    SHAPE.write(lake.path(), "events")?;
    let mut ours = Command::new(&lister);
    ours.arg(lake.path());
    let mut du = Command::new("du");
    du.arg("-sb").arg(lake.path());
    let mut contenders = [
        Contender::new("lakegauge", ours, all_of_them),
        Contender::new("du -sb", du, |output| !output.is_empty()),
    ];
    contest::run(&mut contenders, ROUNDS)?;

    println!("{OBJECTS} files in {} folders, warm cache; {}\n", SHAPE.partitions, machine::describe());
    println!("{}", contest::table(&contenders, Some((OBJECTS, "files"))));
    let [ours, du] = contenders.each_ref().map(Contender::median);
    Ok(aim::judge(&[Aim::at_most("wall time, of du's", ratio(ours.wall, du.wall), 1.0, "×")]))
}

/// Whether the output contains the number of objects: all contenders print it.
fn all_of_them(output: &str) -> bool {
    output.split(|c: char| !c.is_ascii_digit()).any(|number| number == OBJECTS.to_string())
}

fn ours(seaweed: &Seaweed, lister: &Path) -> Command {
    let mut command = Command::new(lister);
    seaweed.signed(&mut command);
    command.arg(format!("s3://{BUCKET}/events/")).args(["--endpoint-url", &seaweed.endpoint()]);
    command
}

fn s5cmd(seaweed: &Seaweed) -> Result<Command> {
    let mut command = seaweed.s5cmd()?;
    command.arg("du").arg(format!("s3://{BUCKET}/*"));
    Ok(command)
}

fn rclone(seaweed: &Seaweed) -> Result<Command> {
    let mut command = seaweed.tool("rclone")?;
    command.args(["size", "--fast-list", "--json", "--config", "/dev/null"]);
    command.args(["--s3-provider", "SeaweedFS", "--s3-env-auth", "--s3-endpoint", &seaweed.endpoint()]);
    command.arg(format!(":s3:{BUCKET}"));
    Ok(command)
}

fn paginator(seaweed: &Seaweed) -> Result<Command> {
    let mut command = seaweed.tool("python3")?;
    command.args(["-c", PAGINATOR, &seaweed.endpoint(), BUCKET]);
    Ok(command)
}
