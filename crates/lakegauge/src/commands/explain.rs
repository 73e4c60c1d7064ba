//! `explain`: what is checked, when it is due, what is expected and from which days, and the last verdict.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::explanation::explain;
use lakegauge_core::foreign::visible;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::partition::Partition;
use lakegauge_core::record::PartitionRecord;
use lakegauge_core::scope::{Needed, Wanted, current, depth, needed};
use lakegauge_engine::Scope;
use lakegauge_show as show;
use lakegauge_show::explain::{Explained, Look};

use crate::answer::{Answer, Failure, exit};
use crate::cli::{ExplainArgs, ExplainFormat};
use crate::commands::naming::{LATEST, partition_of};
use crate::context::Context;
use crate::session::Session;

pub(crate) async fn run(context: &Context, args: &ExplainArgs) -> Result<Answer, Failure> {
    let session = Session::open(context).await?;
    let subject = session.dataset(&args.dataset).await?;
    let dataset = Arc::clone(&subject.dataset);
    let named = args.partition.as_deref().filter(|text| *text != LATEST);
    let named = named.map(|text| partition_of(&dataset, text)).transpose()?;
    let wanted = named.map_or(Wanted::Newest, |partition| Wanted::Named(vec![partition]));
    let judgement = session.run(&subject, &wanted, session.now).await?.judgement;
    let judged = judgement.report.partitions.first().map(|p| p.partition);
    let partition = named.or(judged).unwrap_or_else(|| judgement.timeline.next().0);
    let looks = next_looks(&session, &dataset, &wanted, session.now).await?;
    let explanation = explain(&dataset, &judgement, partition, session.now);
    let explained = Explained { dataset: &dataset, explanation: &explanation, looks: &looks };
    let code = exit::of_gaps(&judgement.report.gaps);
    if args.json || args.format == ExplainFormat::Json {
        return Ok(Answer { code, stdout: show::explained::json(&explained) });
    }
    let mut text = show::explain::text(&explained, &context.options());
    let gaps = judgement.report.gaps.iter().map(ToString::to_string);
    for note in judgement.report.notes.iter().cloned().chain(gaps) {
        text.push_str(&format!("\n{}\n", visible(&note)));
    }
    Ok(Answer { code, stdout: text })
}

/// The requests that the next `check` for `wanted` sends if it runs at `at`, once this look is recorded.
pub(super) async fn next_looks(
    session: &Session,
    dataset: &Dataset,
    wanted: &Wanted,
    at: Timestamp,
) -> Result<Vec<Look>, Failure> {
    let limit = depth(dataset.layout.cadence()) as usize;
    let records = session.history.records(&dataset.name, limit).await.map_err(Failure::history)?;
    let mut objects: BTreeMap<Partition, u64> =
        records.iter().filter_map(|(p, r)| Some((*p, r.look.as_ref()?.objects))).collect();
    // By then, the next partitions have got as far as these have now.
    let later = current(dataset, at).periods_since(current(dataset, session.now));
    for (partition, there) in objects.clone() {
        objects.entry(partition.offset(later)).or_insert(there);
    }
    let scope = match needed(dataset, &records, wanted, at) {
        Needed::Partitions(partitions) => Scope::Partitions(partitions),
        Needed::Past(since) => Scope::Past { since: Some(since) },
    };
    let mut looks = session.lake.planned_requests(dataset, &scope, &objects);
    let judged = records.values().rev().filter(|r| r.partition < current(dataset, at));
    let recent: Vec<&PartitionRecord> = judged.take(dataset.look_back.max(1) as usize).collect();
    let missing = recent.iter().find(|r| r.state == PartitionState::Missing && !r.is_accepted());
    looks.extend(missing.into_iter().flat_map(|r| session.lake.planned_neighbours(dataset, r.partition)));
    Ok(looks.into_iter().map(|(place, requests)| Look { place, requests }).collect())
}
