//! `digest`: what happened in the last days, from what is remembered.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::digest::{Digest, digest};
use lakegauge_core::judge::{Question, judge};
use lakegauge_core::observation::Observation;
use lakegauge_core::partition::Partition;
use lakegauge_core::scope::{Wanted, depth};

use crate::answer::{Answer, Failure};
use crate::cli::{DigestArgs, DigestFormat};
use crate::context::Context;
use crate::session::Session;
use crate::show;

pub(super) async fn run(context: &Context, args: &DigestArgs) -> Result<Answer, Failure> {
    let session = Session::open(context).await?;
    let mut digests = Vec::new();
    for dataset in session.datasets(&args.datasets).await? {
        digests.push(of_dataset(&session, &dataset, args.days).await?);
    }
    let week = show::digest::Week { now: session.now, days: args.days, datasets: digests };
    Ok(Answer::healthy(match args.format {
        DigestFormat::Text => show::digest::text(&week, &context.options()),
        DigestFormat::Json => show::digest::json(&week),
    }))
}

async fn of_dataset(session: &Session, dataset: &Dataset, days: u32) -> Result<Digest, Failure> {
    let limit = depth(dataset.layout.cadence()) as usize;
    let mut records = session.history.records(&dataset.name, limit).await.map_err(Failure::history)?;
    if records.is_empty() {
        // Nothing is remembered yet: the lake itself is the past.
        session.run(dataset, &Wanted::Newest, session.now).await?;
        records = session.history.records(&dataset.name, limit).await.map_err(Failure::history)?;
    }
    records.retain(|partition, _| partition.cadence() == dataset.layout.cadence());
    let ask = |wanted: &Wanted| {
        judge(&Question {
            dataset,
            records: &records,
            observation: &Observation::default(),
            states: &BTreeMap::new(),
            wanted,
            now: session.now,
        })
    };
    // A partition may be judged before its period ends (a snapshot of the morning), and one of long ago may be in alarm
    // still: what a check shows now belongs to these days, too.
    let since = session.now.checked_sub(SignedDuration::from_hours(24 * i64::from(days)));
    let since = since.unwrap_or(Timestamp::MIN);
    let lately = |p: &Partition| p.end_in(&dataset.zone) > since;
    let mut named: BTreeSet<Partition> = records.keys().copied().filter(lately).collect();
    named.extend(ask(&Wanted::Newest).report.partitions.iter().map(|p| p.partition));
    let judgement = ask(&Wanted::Named(named.into_iter().collect()));
    Ok(digest(dataset, &judgement.timeline, &judgement.report.partitions, session.now, days))
}
