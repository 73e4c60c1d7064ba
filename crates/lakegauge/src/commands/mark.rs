//! `accept` and `reject`: a person's verdict on a partition, kept in the history.

use std::collections::BTreeMap;

use lakegauge_core::alarm::{Limit, State};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::{Question, judge};
use lakegauge_core::mark::{Mark, Says};
use lakegauge_core::observation::Observation;
use lakegauge_core::partition::Partition;
use lakegauge_core::record::{PartitionRecord, Records, newest_came};
use lakegauge_core::scope::{Wanted, current, depth};
use lakegauge_core::standing::Standing;
use lakegauge_core::verdict::AlarmReport;
use lakegauge_engine::Changes;
use lakegauge_show::mark as show;

use crate::answer::{Answer, Failure};
use crate::cli::MarkArgs;
use crate::commands::naming::{LATEST, partition_of};
use crate::context::Context;
use crate::histories::refused;
use crate::session::Session;

pub(crate) async fn run(context: &Context, args: &MarkArgs, says: Says) -> Result<Answer, Failure> {
    let session = Session::open(context).await?;
    let dataset = session.dataset(&args.dataset).await?.dataset;
    let history = session.history_to_save()?;
    let limit = depth(dataset.layout.cadence()) as usize;
    let refused = |error| refused(error, &dataset.name);
    let records = history.records(&dataset.name, limit).await.map_err(refused)?;
    let latest = || newest_came(&records, current(&dataset, session.now));
    let partition = match args.partition.as_str() {
        LATEST => {
            latest().ok_or_else(|| Failure::usage(format!("`{}` has no partition yet", dataset.name)))?
        }
        name => partition_of(&dataset, name)?,
    };
    let record = records.get(&partition).ok_or_else(|| unknown(&dataset, partition, &records))?;
    let mark = (!args.undo).then(|| Mark {
        says,
        at: session.now,
        by: args.by.clone().filter(|by| !by.is_empty()),
        reason: args.reason.clone(),
        content: Mark::of_content(record.look.as_ref()),
    });
    let marks = BTreeMap::from([(partition, mark.clone())]);
    history
        .commit(&dataset.name, &Changes { marks, ..Changes::default() }, session.now)
        .await
        .map_err(refused)?;

    // The verdict without any mark, and the verdict of checks from now on.
    let with = |mark: Option<Mark>| {
        let mut records = records.clone();
        records.insert(partition, PartitionRecord { mark, ..record.clone() });
        alarms(&session, &dataset, &records, partition)
    };
    let found = with(None);
    let standing = limits_that_stand(&dataset, &found);
    let marked = show::Marked {
        dataset: &dataset,
        partition,
        before: record.mark.as_ref(),
        now: mark.as_ref(),
        found: &found,
        standing,
    };
    Ok(Answer::healthy(show::text(&marked, &context.options())))
}

/// The alarms of the partition, according to the history.
fn alarms(session: &Session, dataset: &Dataset, records: &Records, partition: Partition) -> Vec<AlarmReport> {
    let judgement = judge(&Question {
        dataset,
        records,
        observation: &Observation::default(),
        standing: &Standing::default(),
        wanted: &Wanted::Named(vec![partition]),
        now: session.now,
    });
    let reports = judgement.report.partitions.into_iter().flat_map(|p| p.alarms);
    reports.filter(|alarm| alarm.state == State::Alarm || alarm.notice).collect()
}

/// The alarms with a fixed limit in the config: the next such partition breaks it again.
fn limits_that_stand(dataset: &Dataset, found: &[AlarmReport]) -> Vec<String> {
    let fixed = |alarm: &&AlarmReport| {
        let own = dataset.rules.iter().find(|rule| rule.metric == alarm.metric);
        alarm.metric.is_of_content() && own.is_some_and(|rule| matches!(rule.limit, Limit::Fixed(_)))
    };
    found.iter().filter(fixed).map(|alarm| alarm.metric.to_string()).collect()
}

fn unknown(dataset: &Dataset, partition: Partition, records: &Records) -> Failure {
    let name = &dataset.name;
    let known = match (records.keys().next(), records.keys().next_back()) {
        (Some(first), Some(last)) => format!("it covers {first} to {last}"),
        _ => "it is empty".to_owned(),
    };
    Failure::usage(format!(
        "the history of `{name}` has no {partition} yet ({known}). \
         Run `lakegauge check {name} --partition {partition}` first"
    ))
}
