//! `terraform`: the serverless deployment of the config.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Component, Path};

use lakegauge_core::config::{self, Config, Parts, Surroundings};
use lakegauge_core::publish::{Naming, Place};
use lakegauge_lake::Address;

use crate::answer::{Answer, Failure};
use crate::cli::TerraformArgs;
use crate::context::Context;
use crate::session;
use crate::show::text::many;
use crate::terraform::{Events, Placed, Settings, alike, files, place};

/// An alarm of CloudWatch takes no more actions.
const MOST_ACTIONS: usize = 5;
/// Of an `endpoint_url` of a store of one's own.
const ELSEWHERE: &str = "AWS Lambda watches lakes in S3 only, and this store is not AWS's";
/// EventBridge lets a bus have 300 rules; some may be other people's.
const MANY_RULES: usize = 250;

pub(super) fn run(context: &Context, args: &TerraformArgs) -> Result<Answer, Failure> {
    let (config, parts, named) = read(context)?;
    let settings = settings(&config, args, named)?;
    if let Some(dataset) = config.datasets.iter().find(|dataset| dataset.notify.len() > MOST_ACTIONS) {
        return Err(Failure::usage(format!(
            "`{}` names {} receivers: an alarm of CloudWatch tells {MOST_ACTIONS} at most; let some share a topic (`sns: arn:…`)",
            dataset.name,
            dataset.notify.len()
        )));
    }
    if let Some((one, other)) = alike(config.datasets.iter().map(|dataset| dataset.name.as_str())) {
        return Err(Failure::usage(format!(
            "`{one}` and `{other}` come to one name in AWS: rename one of them"
        )));
    }
    if settings.events == Events::Eventbridge && config.datasets.len() > MANY_RULES {
        tracing::warn!(
            "{} rules, one a dataset: an event bus has 300 unless the quota is raised. --events s3 needs none, where \
             nothing else configures the bucket's notifications",
            config.datasets.len()
        );
    }
    let files = files(&config, &parts, &settings);
    let placed = place(&args.output, &files, args.force)?;
    let mut text = said(&placed, &args.output, &settings);
    text.push_str(&unreached(&config, &args.output));
    Ok(Answer::healthy(text))
}

/// The config as meant, in pieces, and with the files that it names.
pub(super) fn read(context: &Context) -> Result<(Config, Parts, BTreeMap<String, String>), Failure> {
    let (mut loaded, mut rendered) = session::load(context, &context.config, session::References::AsTheyAre)?;
    let text = crate::file::read(&context.config)
        .map_err(|error| Failure::usage(format!("{}: {error}", context.config.display())))?;
    let endpoint = loaded.config.as_ref().and_then(|config| config.endpoint_url.as_deref());
    if endpoint.is_some_and(|url| !is_of_aws(url)) {
        loaded.refuse_endpoint(
            ELSEWHERE,
            "`lakegauge check` watches it; leave the line out if the lake is in S3",
        );
        let name = context.config.display().to_string();
        rendered = config::render(&loaded.problems, &name, &text, context.color);
    }
    let config = loaded.config.ok_or_else(|| Failure::rendered(rendered))?;
    let named = RefCell::new(BTreeMap::new());
    let read = |file: &str| {
        let text = session::read_beside(&context.config, file)?;
        named.borrow_mut().insert(file.to_owned(), text.clone());
        Ok(text)
    };
    config::load(&text, Surroundings { read: &read, now: context.now });
    let parts = Parts::of(&text)
        .ok_or_else(|| Failure::internal(anyhow::anyhow!("a good config does not come apart")))?;
    Ok((config, parts, named.into_inner()))
}

fn settings(
    config: &Config,
    args: &TerraformArgs,
    named: BTreeMap<String, String>,
) -> Result<Settings, Failure> {
    let Ok(Address::S3 { bucket, prefix }) = config.lake.parse() else {
        return Err(Failure::usage(format!(
            "the lake is {}: AWS Lambda watches lakes in S3 only; `lakegauge check` watches this one",
            config.lake
        )));
    };
    let region = args.region.clone().or_else(|| config.region.clone());
    let region = region.ok_or_else(|| {
        Failure::usage("in which region? Add --region eu-west-2, or `region: eu-west-2` to the config")
    })?;
    if let Some(outside) = named.keys().find(|name| !is_beside(name)) {
        return Err(Failure::usage(format!(
            "the config names {outside}: put the file beside the config, so that it can be deployed with it"
        )));
    }
    let place = Place { bucket: bucket.clone(), prefix: prefix.clone() };
    let naming = Naming::parse(args.naming.word(), place).unwrap_or_default();
    Ok(Settings { bucket, prefix, region, naming, events: args.events, files: named })
}

/// Whether an endpoint is one of S3's own: regional, FIPS, dual-stack, or of a VPC.
fn is_of_aws(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".amazonaws.com", ".amazonaws.com.cn"].iter().any(|end| host.ends_with(end))
}

fn is_beside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

fn said(placed: &Placed, folder: &Path, settings: &Settings) -> String {
    let folder = folder.display();
    let counts = [
        (placed.new.len(), "new"),
        (placed.changed.len(), "changed"),
        (placed.removed.len(), "removed"),
        (placed.same, "unchanged"),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let total = (placed.new.len() + placed.changed.len() + placed.same) as u64;
    let mut text = format!("{folder}: {} ({})\n", many(total, "file"), counts.join(", "));
    text.push_str(&format!(
        "next: put lakegauge-lambda.zip into {folder}, then `terraform -chdir={folder} init` and `terraform -chdir={folder} apply`\n"
    ));
    if settings.events == Events::Eventbridge {
        text.push_str(&format!(
            "the bucket {} has to send its events to EventBridge: once, with `lake_notifications = true` in \
             terraform.tfvars where nothing else configures its notifications, or where they are configured\n",
            settings.bucket
        ));
    }
    text
}

/// The receivers that nobody reaches before their address is set.
fn unreached(config: &Config, folder: &Path) -> String {
    let variable = |kind: &str| match kind {
        "email" | "sns" => None,
        "slack" => Some("slack_channels"),
        "teams" => Some("teams_channels"),
        _ => Some("endpoints"),
    };
    let receivers = config.receivers.iter().filter_map(|receiver| {
        Some(format!("{} ({}, in {})", receiver.name, receiver.kind, variable(&receiver.kind)?))
    });
    let receivers: Vec<String> = receivers.collect();
    match receivers.is_empty() {
        true => String::new(),
        false => format!(
            "not told before {}/terraform.tfvars says where: {}\n",
            folder.display(),
            receivers.join(", ")
        ),
    }
}
