//! `init`: lists the lake once, finds its datasets, writes a config.

use std::path::Path;

use lakegauge_core::discover::{Survey, render};

use crate::answer::{Answer, Failure};
use crate::cli::InitArgs;
use crate::context::Context;
use crate::lake::{self, Reach};
use crate::show::text::many;

pub(super) async fn run(context: &Context, args: &InitArgs) -> Result<Answer, Failure> {
    let to_stdout = args.output == Path::new("-");
    if !to_stdout && args.output.exists() && !args.force {
        let path = args.output.display();
        return Err(Failure::usage(format!(
            "{path} is there already; --force overwrites it, `-o -` prints instead"
        )));
    }
    let (config, summary) = survey(context, &args.lake).await?;
    if to_stdout {
        return Ok(Answer::healthy(config));
    }
    std::fs::write(&args.output, config)
        .map_err(|error| Failure::usage(format!("{} cannot be written: {error}", args.output.display())))?;
    let path = args.output.display();
    Ok(Answer::healthy(format!("{summary}\nwrote {path}: read it, then run `lakegauge check -c {path}`\n")))
}

/// Lists the lake and renders the config and one line about it.
pub(crate) async fn survey(context: &Context, typed: &str) -> Result<(String, String), Failure> {
    let here = std::env::current_dir().unwrap_or_default();
    let address = lake::address(typed, &here)?;
    let shown = address.to_string();
    let reach = Reach { endpoint: context.endpoint_url.clone(), ..Reach::default() };
    let lake = lake::open(&address, reach).await?;
    let bar = lake::progress(context, "listed");
    let as_of = context.replay.then_some(context.now);
    let mut survey = Survey::new();
    let result = lake
        .survey(&mut |key, size, modified| {
            if as_of.is_none_or(|now| modified <= now) {
                survey.push(key, size, modified);
            }
            bar.inc(1);
        })
        .await;
    bar.finish_and_clear();
    let discovery = survey.finish(context.now);
    let gaps: Vec<String> = result.gaps.iter().map(ToString::to_string).collect();
    if discovery.datasets.is_empty() {
        let seen = discovery.objects;
        return Err(match gaps.first() {
            Some(gap) => Failure::unseen(gap),
            None => Failure::unseen(format!(
                "{shown} holds {seen} objects and no dataset: no path has a date in it"
            )),
        });
    }
    for gap in &gaps {
        tracing::warn!("{gap}");
    }
    let summary = format!(
        "{} in {} ({})",
        many(discovery.datasets.len() as u64, "dataset"),
        many(discovery.objects, "object"),
        many(result.list_requests, "list request")
    );
    Ok((render(&discovery, &shown, context.endpoint_url.as_deref()), summary))
}
