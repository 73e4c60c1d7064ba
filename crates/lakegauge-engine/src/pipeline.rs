//! The one pipeline.

use std::collections::BTreeSet;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::alarm::State;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::delivery::{Destinations, Ordering, Orders, orders};
use lakegauge_core::judge::{Judgement, Question, judge};
use lakegauge_core::metric::Metric;
use lakegauge_core::name::Name;
use lakegauge_core::observation::Observation;
use lakegauge_core::partition::Partition;
use lakegauge_core::record::Records;
use lakegauge_core::scope::{Needed, Wanted, current, depth, first_kept, needed};
use lakegauge_core::standing::Standing;
use lakegauge_core::verdict::AlarmReport;

use crate::history::{Changes, Forget, History, HistoryError};
use crate::lake::{Lake, Look, Scope};

/// A question about one dataset.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The dataset.
    pub dataset: &'a Dataset,
    /// Which of its partitions.
    pub wanted: &'a Wanted,
    /// The time for which it is judged: read once, at the start of the program.
    pub now: Timestamp,
    /// `now` is in the past: objects written after it do not exist yet.
    pub replay: bool,
    /// Where the verdicts go, besides to the caller.
    pub to: &'a Destinations,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The judgement.
    pub judgement: Judgement,
    /// What was looked at, for explanations.
    pub scope: Scope,
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The history could not be read or written.
    #[error("the history of dataset `{dataset}` failed")]
    History {
        /// The dataset.
        dataset: String,
        /// The error.
        #[source]
        source: HistoryError,
    },
}

/// Observes, judges, records.
pub(crate) async fn run(lake: &dyn Lake, history: &dyn History, ask: Ask<'_>) -> Result<Outcome, RunError> {
    let began = Instant::now();
    let name = &ask.dataset.name;
    let failed = |source| RunError::History { dataset: name.clone(), source };
    let limit = depth(ask.dataset.layout.cadence()) as usize;
    let mut records = history.records(name, limit).await.map_err(failed)?;
    // A path that was daily and is now hourly has records of days, which say nothing about hours.
    records.retain(|partition, _| partition.cadence() == ask.dataset.layout.cadence());
    let standing = history.standing(name).await.map_err(failed)?;

    let scope = match needed(ask.dataset, &records, ask.wanted, ask.now) {
        Needed::Partitions(partitions) => Scope::Partitions(partitions),
        Needed::Past(since) => Scope::Past { since: Some(since) },
    };
    let as_of = ask.replay.then_some(ask.now);
    let mut observation = lake.observe(Look { dataset: ask.dataset, scope: &scope, as_of }).await;
    observation.took = Some(SignedDuration::try_from(began.elapsed()).unwrap_or(SignedDuration::MAX));
    if let Scope::Past { since } = scope {
        fill_absent(&mut observation, &records, since, &ask);
    }

    let judged = |observation: &Observation| {
        judge(&Question {
            dataset: ask.dataset,
            records: &records,
            observation,
            standing: &standing,
            wanted: ask.wanted,
            now: ask.now,
        })
    };
    let mut judgement = judged(&observation);
    if let Some(missing) = missing(&judgement) {
        let found = lake.neighbours(Look { dataset: ask.dataset, scope: &scope, as_of }, missing).await;
        observation.list_requests += found.list_requests;
        observation.neighbours.insert(missing, found.names);
        judgement = judged(&observation);
    }
    let orders = owed(history, &judgement, &standing, &ask).await.map_err(failed)?;
    let changes = Changes { orders, ..changes(&judgement, &standing, &ask) };
    history.commit(name, &changes, ask.now).await.map_err(failed)?;
    Ok(Outcome { judgement, scope })
}

/// The newest partition that is in alarm because it has no data.
fn missing(judgement: &Judgement) -> Option<Partition> {
    let absent = |alarm: &AlarmReport| alarm.metric == Metric::Missing && alarm.state == State::Alarm;
    let newest = judgement.report.partitions.iter().find(|p| p.alarms.iter().any(absent))?;
    Some(newest.partition)
}

/// A pass over the past lists what is there. Within its range, and if there is no gap, everything else is absent. It
/// says nothing about partitions older than `since`.
fn fill_absent(observation: &mut Observation, records: &Records, since: Option<Partition>, ask: &Ask<'_>) {
    if !observation.gaps.is_empty() {
        return;
    }
    let seen = observation.partitions.keys().chain(records.keys()).min().copied();
    let last = current(ask.dataset, ask.now);
    // Holes older than what is learned from do not matter.
    let oldest = last.offset(-depth(last.cadence()));
    let oldest = since.map_or(oldest, |since| since.max(oldest));
    let all = seen.unwrap_or(last).max(oldest).through(last);
    observation.absent.extend(all.filter(|next| !observation.partitions.contains_key(next)));
    // A partition that is requested by name is answered at the first look as at later ones.
    if let Wanted::Named(named) = ask.wanted {
        let known: BTreeSet<Partition> =
            observation.partitions.keys().chain(&observation.absent).copied().collect();
        let unknown: BTreeSet<Partition> =
            named.iter().filter(|p| **p >= oldest && !known.contains(p)).copied().collect();
        observation.absent.extend(unknown);
    }
}

/// What the look owes to the outside. What other splits have raised is read last: while any of them is wrong, a value
/// that is shared by all shows it.
async fn owed(
    history: &dyn History,
    judgement: &Judgement,
    before: &Standing,
    ask: &Ask<'_>,
) -> Result<Option<Orders>, HistoryError> {
    let (dataset, name) = (ask.dataset, ask.dataset.name.as_str());
    // What is requested by name does not change what is wrong today, and nothing follows from it.
    if !ask.to.is_any() || *ask.wanted != Wanted::Newest {
        return Ok(None);
    }
    let mut elsewhere = BTreeSet::new();
    if dataset.is_split() {
        let raised = history.raised_in_splits(Name::read(name).base()).await?;
        elsewhere
            .extend(raised.into_iter().filter(|(split, _)| split != name).flat_map(|(_, raised)| raised));
    }
    let last_run = history.last_run(name).await?;
    let look = Ordering { dataset, judgement, before, last_run, elsewhere: &elsewhere, now: ask.now };
    Ok(Some(orders(&look, ask.to)))
}

/// What the judgement adds to history. Alarms that are as they were are no news.
fn changes(judgement: &Judgement, before: &Standing, ask: &Ask<'_>) -> Changes {
    let news = judgement.changes.iter().filter(|change| change.why.is_news());
    Changes {
        records: judgement.records.clone(),
        standing: Some(&judgement.standing).filter(|now| *now != before).cloned(),
        changes: news.cloned().collect(),
        forget: first_kept(ask.dataset, ask.now).map(|(before, until)| Forget { before, until }),
        ..Changes::default()
    }
}
