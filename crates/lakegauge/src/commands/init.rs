//! `init`: lists the lake once, finds its datasets, writes a config.

use std::path::{Component, Path, PathBuf};

use lakegauge_discover::{Discovery, Standing, Survey, UNNAMED, render, undated};
use lakegauge_lake::{Address, Sighting};
use lakegauge_show::text::many;

use crate::answer::{Answer, Failure, exit};
use crate::cli::InitArgs;
use crate::context::Context;
use crate::file;
use crate::lake::{self, Reach};

pub(crate) async fn run(context: &Context, args: &InitArgs) -> Result<Answer, Failure> {
    let to_stdout = args.output == Path::new("-");
    if args.output.is_dir() {
        let within = args.output.join("lakegauge.yaml");
        let (folder, within) = (args.output.display(), within.display());
        return Err(Failure::usage(format!("{folder} is a folder; name a file in it: `-o {within}`")));
    }
    if !to_stdout && args.output.exists() && !args.force {
        let path = args.output.display();
        return Err(Failure::usage(format!(
            "{path} already exists; use --force to overwrite it, or `-o -` to print"
        )));
    }
    let Surveyed { config, summary, watched } = survey(context, &args.lake).await?;
    let code = if watched == 0 { exit::UNSEEN } else { exit::HEALTHY };
    if to_stdout {
        return Ok(Answer { code, stdout: config });
    }
    file::write(&args.output, &config)?;
    let path = args.output.display();
    let next = if watched == 0 { "uncomment what should be watched" } else { "read it" };
    let stdout = format!("{summary}\nwrote {path}: {next}, then run `lakegauge check -c {path}`\n");
    Ok(Answer { code, stdout })
}

/// The contents of a lake.
struct Surveyed {
    config: String,
    /// One line about it.
    summary: String,
    /// Datasets that are watched, and not commented out.
    watched: usize,
}

/// Lists the lake and renders the config.
async fn survey(context: &Context, typed: &str) -> Result<Surveyed, Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    let address = plain(lake::address(typed, &here)?);
    let shown = address.to_string();
    let reach = Reach { endpoint: context.endpoint_url.clone(), ..Reach::default() };
    let lake = lake::open(&address, reach.clone()).await?;
    let bar = lake::progress(context, "listed");
    let as_of = context.replay.then_some(context.now);
    let mut survey = Survey::new();
    let result = lake
        .survey(as_of, &mut |sighting| {
            match sighting {
                Sighting::Object(o) => survey.push(o.key, o.size, o.last_modified),
                Sighting::Sampled(o) => survey.push_sampled(o.key, o.size, o.last_modified),
                Sighting::Unseen(folder) => survey.unseen(folder),
            }
            bar.inc(1);
        })
        .await;
    bar.finish_and_clear();
    let mut discovery = survey.finish(context.now);
    let gaps: Vec<String> = result.gaps.iter().map(ToString::to_string).collect();
    if discovery.datasets.is_empty() {
        return Err(match gaps.first() {
            Some(gap) => Failure::unseen(gap),
            None if discovery.objects == 0 => Failure::unseen(lake::empty(&address, reach).await),
            None => nothing_dated(&discovery, &shown),
        });
    }
    name_root(&mut discovery, &shown);
    for gap in &gaps {
        tracing::warn!("{gap}");
    }
    let watched = discovery.datasets.iter().filter(|found| found.standing == Standing::Active).count();
    let found = match (watched, discovery.datasets.len() - watched) {
        (_, 0) => many(watched as u64, "dataset"),
        (0, doubtful) => format!("No dataset to watch, {doubtful} commented out with the reason,"),
        (_, doubtful) => format!("{}, {doubtful} more commented out,", many(watched as u64, "dataset")),
    };
    let (objects, requests) = (many(discovery.objects, "object"), many(result.list_requests, "list request"));
    let of = if discovery.sampled { "a sample of " } else { "" };
    let summary = format!("{found} in {of}{objects} ({requests})");
    let config = render(&discovery, &shown, context.endpoint_url.as_deref());
    Ok(Surveyed { config, summary, watched })
}

/// The error for a lake in which nothing can be watched, with what was found instead.
fn nothing_dated(discovery: &Discovery, lake: &str) -> Failure {
    let seen = many(discovery.objects, "object");
    let failure = Failure::unseen(format!(
        "{lake} holds {seen} and no dataset: no path has a date in it that lakegauge reads"
    ));
    if discovery.undated.is_empty() {
        return failure;
    }
    failure.and(["what is there:"]).and(undated(discovery).iter().map(|line| format!("  {line}")))
}

/// A folder without `.` and `..`, if that is the same place: with a symbolic link, `..` may lead elsewhere.
fn plain(address: Address) -> Address {
    let Address::Local(path) = address else { return address };
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() && !plain.is_symlink() => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    Address::Local(plain)
}

/// A dataset whose partitions are at the lake's top level has no folder to be named after, so it gets the lake's name.
fn name_root(discovery: &mut Discovery, lake: &str) {
    let last = lake.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_.-".contains(c) { c } else { '_' };
    let name: String = last.chars().map(plain).collect();
    let taken = discovery.datasets.iter().any(|found| found.name == name);
    if taken || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return;
    }
    for found in discovery.datasets.iter_mut().filter(|found| found.name == UNNAMED) {
        found.name.clone_from(&name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_written_plainly() {
        let check = |path: &str, expect: &str| {
            assert_eq!(plain(Address::Local(path.into())), Address::Local(expect.into()), "{path}");
        };
        check("/data/w/../mixed", "/data/mixed");
        check("/data/inl/.", "/data/inl");
        check("/data/./a/b/../../c/", "/data/c");
        check("/../data", "/../data");
        check("../data", "../data");
        // `/proc/self` is a link.
        check("/proc/self/../x", if cfg!(target_os = "linux") { "/proc/self/../x" } else { "/proc/x" });
    }
}
