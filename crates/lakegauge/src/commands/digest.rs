//! `digest`: what happened in the last days, from the history.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::digest::{Digest, digest};
use lakegauge_core::judge::{Question, judge};
use lakegauge_core::observation::{Gap, Observation};
use lakegauge_core::partition::Partition;
use lakegauge_core::record::PartitionRecord;
use lakegauge_core::scope::{Wanted, depth};
use lakegauge_core::standing::Standing;
use lakegauge_engine::guarded;
use lakegauge_show as show;
use lakegauge_show::digest::Week;

use crate::answer::{Answer, Failure, exit};
use crate::cli::{DigestArgs, DigestFormat};
use crate::context::Context;
use crate::session::Session;
use crate::subject::Subject;

pub(crate) async fn run(context: &Context, args: &DigestArgs) -> Result<Answer, Failure> {
    let session = Session::open(context).await?;
    let mut week = Week { now: session.now, days: args.days, datasets: Vec::new(), unseen: Vec::new() };
    let mut code = exit::HEALTHY;
    for subject in session.datasets(&args.datasets).await? {
        let digested = guarded(of_dataset(&session, &subject, args.days)).await;
        let (digest, unseen) = digested.unwrap_or_else(|bug| {
            let name = &subject.dataset.name;
            Ok((nothing(name), Some(Unseen { gaps: vec![bug.gap(name)], notes: Vec::new() })))
        })?;
        if let Some(unseen) = unseen {
            code = code.max(exit::UNSEEN).max(exit::of_gaps(&unseen.gaps));
            let gaps = unseen.gaps.iter().map(ToString::to_string);
            let reason = gaps.chain(unseen.notes).collect::<Vec<_>>().join("; ");
            week.unseen.push((digest.dataset.clone(), reason));
        }
        week.datasets.push(digest);
    }
    let stdout = match args.format {
        DigestFormat::Text => show::digest::text(&week, &context.options()),
        DigestFormat::Json => show::digest::json(&week),
    };
    Ok(Answer { code, stdout })
}

/// Why nothing is known about a dataset.
struct Unseen {
    gaps: Vec<Gap>,
    notes: Vec<String>,
}

fn nothing(dataset: &str) -> Digest {
    Digest { dataset: dataset.to_owned(), judged: 0, drift: None, events: Vec::new() }
}

/// What happened to it, according to the history; if that is empty, to the lake.
async fn of_dataset(
    session: &Session,
    subject: &Subject,
    days: u32,
) -> Result<(Digest, Option<Unseen>), Failure> {
    let dataset: &Dataset = &subject.dataset;
    let limit = depth(dataset.layout.cadence()) as usize;
    let mut records = session.history.records(&dataset.name, limit).await.map_err(Failure::history)?;
    let mut unseen = None;
    // What never came may be there by now.
    if !records.values().any(PartitionRecord::came) {
        let outcome = session.run(subject, &Wanted::Newest, session.now).await?;
        let report = outcome.judgement.report;
        if outcome.judgement.timeline.nothing_ever_came() {
            unseen = Some(Unseen { gaps: report.gaps, notes: report.notes });
        }
        records = session.history.records(&dataset.name, limit).await.map_err(Failure::history)?;
    }
    records.retain(|partition, _| partition.cadence() == dataset.layout.cadence());
    let ask = |wanted: &Wanted| {
        judge(&Question {
            dataset,
            records: &records,
            observation: &Observation::default(),
            standing: &Standing::default(),
            wanted,
            now: session.now,
        })
    };
    // A partition may be judged before its period ends (a morning's snapshot), and one from long ago may still be in
    // alarm: what a check shows now belongs to these days, too.
    let since = session.now.checked_sub(SignedDuration::from_hours(24 * i64::from(days)));
    let since = since.unwrap_or(Timestamp::MIN);
    let lately = |p: &Partition| p.end_in(&dataset.zone) > since;
    let mut named: BTreeSet<Partition> = records.keys().copied().filter(lately).collect();
    named.extend(ask(&Wanted::Newest).report.partitions.iter().map(|p| p.partition));
    let judgement = ask(&Wanted::Named(named.into_iter().collect()));
    Ok((digest(dataset, &judgement.timeline, &judgement.report.partitions, session.now, days), unseen))
}
