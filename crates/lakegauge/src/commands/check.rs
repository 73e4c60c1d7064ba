//! `check`: looks now, judges, exits.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::Judgement;
use lakegauge_core::scope::Wanted;
use lakegauge_core::verdict::{Report, Status};
use lakegauge_show as show;

use crate::answer::{Answer, Failure, exit};
use crate::cli::CheckArgs;
use crate::commands::naming;
use crate::context::Context;
use crate::session::Session;
use crate::subject::Subject;

/// How many datasets are looked at together.
const TOGETHER: usize = 16;

pub(crate) async fn run(context: &Context, args: &CheckArgs) -> Result<Answer, Failure> {
    let named = naming::read(&args.partition)?;
    let session = Arc::new(Session::open(context).await?);
    let started = Instant::now();
    let mut asks = Vec::new();
    for subject in session.datasets(&args.datasets).await? {
        let wanted = match args.last {
            Some(n) => Wanted::Last(n),
            None => naming::wanted(&named, &subject.dataset, session.now),
        };
        asks.push((subject, wanted));
    }
    let recent = |dataset: &Dataset, judgement: &Judgement| match args.format.shows_past {
        true => show::Recent::of(dataset, judgement),
        false => show::Recent::default(),
    };
    let (report, recents) = report(context, &session, asks, recent).await?;
    let options = show::Options { elapsed: Some(started.elapsed()), ..context.options() };
    let stdout = args.format.write(&report, &recents, &options);
    let stdout = stdout.map_err(|error| Failure::internal(anyhow::Error::from_boxed(error)))?;
    Ok(Answer { code: exit_code(&report), stdout })
}

/// The exit code for a report. An alarm takes precedence over everything that could not be seen, so that no bug hides
/// it.
pub(crate) fn exit_code(report: &Report) -> u8 {
    match report.status {
        Status::Ok => exit::HEALTHY,
        Status::Unknown => {
            exit::of_gaps(report.datasets.iter().flat_map(|dataset| &dataset.gaps)).max(exit::UNSEEN)
        }
        Status::Alarm => exit::ALARM,
    }
}

/// Runs the pipeline for every subject, several at a time, and reports in the given order. Of each outcome only what
/// `keep` returns is kept beside the report: an outcome holds the dataset's whole past.
pub(crate) async fn report<T>(
    context: &Context,
    session: &Arc<Session>,
    asks: Vec<(Subject, Wanted)>,
    keep: impl Fn(&Dataset, &Judgement) -> T,
) -> Result<(Report, Vec<T>), Failure> {
    let bar = progress(context, asks.len());
    let looked = look(session, asks, session.now, &bar, keep).await;
    bar.finish_and_clear();
    looked
}

/// The same as of `now`.
pub(super) async fn look<T>(
    session: &Arc<Session>,
    asks: Vec<(Subject, Wanted)>,
    now: Timestamp,
    bar: &ProgressBar,
    keep: impl Fn(&Dataset, &Judgement) -> T,
) -> Result<(Report, Vec<T>), Failure> {
    let mut runs = futures::stream::iter(asks)
        .map(|(subject, wanted)| {
            let session = Arc::clone(session);
            tokio::spawn(async move {
                let outcome = session.run(&subject, &wanted, now).await?;
                Ok::<_, Failure>((subject.dataset, outcome))
            })
        })
        .buffered(TOGETHER);
    let (mut reports, mut kept) = (Vec::new(), Vec::new());
    while let Some(joined) = runs.next().await {
        let (dataset, outcome) = joined.map_err(|error| Failure::internal(error.into()))??;
        kept.push(keep(&dataset, &outcome.judgement));
        reports.push(outcome.judgement.report);
        bar.inc(1);
    }
    Ok((Report::new(now, reports), kept))
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

#[cfg(test)]
mod tests {
    use lakegauge_core::observation::{Gap, GapKind};
    use lakegauge_core::verdict::DatasetReport;

    use super::*;

    #[test]
    fn the_code_is_that_of_the_gravest() {
        let check = |lines: &[(Status, &[GapKind])], expect: u8| {
            let line = |(status, kinds): &(Status, &[GapKind])| DatasetReport {
                dataset: "t".to_owned(),
                status: *status,
                partitions: Vec::new(),
                gaps: kinds
                    .iter()
                    .map(|kind| Gap { kind: *kind, place: String::new(), detail: String::new() })
                    .collect(),
                freshness: None,
                list_requests: 0,
                notes: Vec::new(),
                about: lakegauge_core::about::About::default(),
            };
            let report = Report::new(Timestamp::UNIX_EPOCH, lines.iter().map(line).collect());
            assert_eq!(exit_code(&report), expect, "{lines:?}");
        };
        check(&[], exit::HEALTHY);
        check(&[(Status::Ok, &[])], exit::HEALTHY);
        check(&[(Status::Ok, &[]), (Status::Unknown, &[])], exit::UNSEEN);
        check(&[(Status::Unknown, &[GapKind::Denied])], exit::UNSEEN);
        check(&[(Status::Unknown, &[GapKind::Bug]), (Status::Unknown, &[GapKind::Denied])], exit::INTERNAL);
        // An alarm that pages somebody also shows the bug.
        check(&[(Status::Unknown, &[GapKind::Bug]), (Status::Alarm, &[])], exit::ALARM);
    }
}
