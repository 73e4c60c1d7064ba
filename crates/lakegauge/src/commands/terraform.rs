//! `terraform`: the serverless deployment of the config.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Component, Path};

use lakegauge_cloudwatch::publish::{Naming, Place};
use lakegauge_config::{self as config, Channel, Config, Parts, Surroundings};
use lakegauge_lake::Address;
use lakegauge_show::text::many;

use crate::answer::{Answer, Failure};
use crate::cli::TerraformArgs;
use crate::context::Context;
use crate::session;
use crate::terraform::{Events, Placed, Settings, alike, files, place};

/// CloudWatch's limit of actions per alarm.
const MOST_ACTIONS: usize = 5;
/// About an `endpoint_url` that is not AWS's.
const ELSEWHERE: &str = "the AWS functions only support lakes in S3, and this store is not AWS";
/// An event bus has 300 rules; some may belong to others.
const MANY_RULES: usize = 250;

pub(crate) fn run(context: &Context, args: &TerraformArgs) -> Result<Answer, Failure> {
    let (config, parts, named) = read(context)?;
    let settings = settings(&config, args, named)?;
    if let Some(dataset) = config.datasets.iter().find(|dataset| dataset.notify.len() > MOST_ACTIONS) {
        return Err(Failure::usage(format!(
            "`{}` names {} receivers: a CloudWatch alarm can notify at most {MOST_ACTIONS}; let some share a topic (`sns: arn:…`)",
            dataset.name,
            dataset.notify.len()
        )));
    }
    if let Some((one, other)) = alike(config.datasets.iter().map(|dataset| dataset.name.as_str())) {
        return Err(Failure::usage(format!(
            "`{one}` and `{other}` get the same name in AWS: rename one of them"
        )));
    }
    if settings.events == Events::Eventbridge && config.datasets.len() > MANY_RULES {
        tracing::warn!(
            "{} rules, one per dataset: an event bus has 300 unless you raise the quota. --events s3 needs none, if \
             nothing else manages the bucket's notifications",
            config.datasets.len()
        );
    }
    let files = files(&config, &parts, &settings);
    let placed = place(&args.output, &files, args.force)?;
    let mut text = said(&placed, &args.output, &settings);
    text.push_str(&unreached(&config, &args.output));
    Ok(Answer::healthy(text))
}

/// The parsed config, its pieces, and the files that it names.
pub(super) fn read(context: &Context) -> Result<(Config, Parts, BTreeMap<String, String>), Failure> {
    let (mut loaded, mut rendered) = session::load(context, &context.config, session::References::AsTheyAre)?;
    let text = crate::file::read(&context.config)
        .map_err(|error| Failure::usage(format!("{}: {error}", context.config.display())))?;
    let endpoint = loaded.config.as_ref().and_then(|config| config.endpoint_url.as_deref());
    if endpoint.is_some_and(|url| !is_of_aws(url)) {
        loaded.refuse_endpoint(
            ELSEWHERE,
            "use `lakegauge check` for it; remove this line if the lake is in S3",
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
            "the lake is {}: the AWS functions only support lakes in S3; use `lakegauge check` for this one",
            config.lake
        )));
    };
    let region = args.region.clone().or_else(|| config.region.clone());
    let region = region.ok_or_else(|| {
        Failure::usage("region not set: add `--region eu-west-2`, or `region: eu-west-2` in the config")
    })?;
    if let Some(outside) = named.keys().find(|name| !is_beside(name)) {
        return Err(Failure::usage(format!(
            "the config names {outside}: move the file next to the config, so that it can be deployed with it"
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
            "the bucket {} must send its events to EventBridge: set `lake_notifications = true` in terraform.tfvars, \
             or, if something else manages its notifications, enable EventBridge there\n",
            settings.bucket
        ));
    }
    text
}

/// The receivers whose address is not set yet.
fn unreached(config: &Config, folder: &Path) -> String {
    let variable = |to: &Channel| match to {
        Channel::Email(_) | Channel::Sns(_) => None,
        Channel::Slack(_) => Some("slack_channels"),
        Channel::Teams(_) => Some("teams_channels"),
        Channel::PagerDuty(_) | Channel::Webhook(_) => Some("endpoints"),
    };
    let receivers = config.receivers.iter().filter_map(|receiver| {
        Some(format!("{} ({}, in {})", receiver.name, receiver.to.kind(), variable(&receiver.to)?))
    });
    let receivers: Vec<String> = receivers.collect();
    match receivers.is_empty() {
        true => String::new(),
        false => format!(
            "not notified until set in {}/terraform.tfvars: {}\n",
            folder.display(),
            receivers.join(", ")
        ),
    }
}
