//! `check`: looks now, judges, exits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::scope::Wanted;
use lakegauge_core::verdict::{Report, Status};
use lakegauge_engine::Outcome;

use crate::answer::{Answer, Failure, exit};
use crate::cli::{CheckArgs, CheckFormat};
use crate::commands::naming::partition_of;
use crate::context::Context;
use crate::session::Session;
use crate::show;

/// How many datasets are looked at together.
const TOGETHER: usize = 16;

pub(super) async fn run(context: &Context, args: &CheckArgs) -> Result<Answer, Failure> {
    let session = Arc::new(Session::open(context).await?);
    let datasets = session.datasets(&args.datasets).await?;
    let mut asks = Vec::with_capacity(datasets.len());
    for dataset in datasets {
        let wanted = wanted(args, &dataset)?;
        asks.push((dataset, wanted));
    }
    let started = Instant::now();
    let names: Vec<Arc<Dataset>> = asks.iter().map(|(dataset, _)| Arc::clone(dataset)).collect();
    let (report, outcomes) = report(context, &session, asks).await?;
    let options = show::Options { elapsed: Some(started.elapsed()), ..context.options() };
    let stdout = match args.format {
        CheckFormat::Text => show::text::check(&report, &recents(&names, &outcomes), &options),
        CheckFormat::Json => show::json::check(&report),
        CheckFormat::Junit => show::junit::check(&report).map_err(Failure::internal)?,
    };
    Ok(Answer { code: exit_code(report.status), stdout })
}

fn wanted(args: &CheckArgs, dataset: &Dataset) -> Result<Wanted, Failure> {
    if let Some(n) = args.last {
        return Ok(Wanted::Last(n));
    }
    if args.partition.is_empty() {
        return Ok(Wanted::Newest);
    }
    let named: Result<Vec<_>, _> = args.partition.iter().map(|text| partition_of(dataset, text)).collect();
    Ok(Wanted::Named(named?))
}

/// The exit code that a status means.
pub(crate) fn exit_code(status: Status) -> u8 {
    match status {
        Status::Ok => exit::HEALTHY,
        Status::Unknown => exit::UNSEEN,
        Status::Alarm => exit::ALARM,
    }
}

/// Runs the pipeline for every dataset, several at a time, and reports in the given order.
pub(crate) async fn report(
    context: &Context,
    session: &Arc<Session>,
    asks: Vec<(Arc<Dataset>, Wanted)>,
) -> Result<(Report, Vec<Outcome>), Failure> {
    let bar = progress(context, asks.len());
    let mut runs = futures::stream::iter(asks)
        .map(|(dataset, wanted)| {
            let session = Arc::clone(session);
            let now = session.now;
            tokio::spawn(async move { session.run(&dataset, &wanted, now).await })
        })
        .buffered(TOGETHER);
    let mut outcomes = Vec::new();
    while let Some(joined) = runs.next().await {
        outcomes.push(joined.map_err(|error| Failure::internal(error.into()))??);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let reports = outcomes.iter().map(|o| o.judgement.report.clone()).collect();
    Ok((Report::new(session.now, reports), outcomes))
}

fn progress(context: &Context, datasets: usize) -> ProgressBar {
    if !context.progress {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(datasets as u64);
    let style = ProgressStyle::with_template("{spinner} looking {bar:30} {pos}/{len} datasets  {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// The last partitions of each dataset, for its sparkline.
pub(crate) fn recents(datasets: &[Arc<Dataset>], outcomes: &[Outcome]) -> Vec<show::Recent> {
    let both = datasets.iter().zip(outcomes);
    both.map(|(dataset, outcome)| show::Recent::of(dataset, &outcome.judgement)).collect()
}
