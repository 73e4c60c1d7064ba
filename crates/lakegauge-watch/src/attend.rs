//! Handles one dataset: decides whether to look, looks, judges and records.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::alarm::State;
use lakegauge_core::dataset::{Dataset, LandedWhen};
use lakegauge_core::delivery::{Delivery, Destinations};
use lakegauge_core::partition::Partition;
use lakegauge_core::scope::{Wanted, current};
use lakegauge_core::verdict::{DatasetReport, PartitionReport, Status};
use lakegauge_engine::{Ask, Changes, History as _, HistoryError, Lake, Outcome, RunError, Scope, run};
use lakegauge_history::{Documents, OneRun, Origins, Shelf};

use crate::clock::Clock;
use crate::sink::Sink;
use crate::summary::Summary;
use crate::wake::wake;
use crate::watch::{Decision, Look, Reason, Watch};

/// How often a run is repeated because another one wrote first.
const TRIES: u32 = 8;
/// For how many periods after its own a partition that events named is looked for.
const RECENT: i64 = 7;
/// How long a tick waits for writing to stop, unless the dataset says otherwise.
const QUIET: SignedDuration = SignedDuration::from_mins(10);

/// What the handlers need from outside.
#[derive(Clone)]
pub struct Ports {
    /// The lake.
    pub lake: Arc<dyn Lake>,
    /// Where the state is stored.
    pub shelf: Shelf,
    /// Where the datasets have their objects: what was seen at other places is not used.
    pub origins: Origins,
    /// The destination of metrics.
    pub sink: Arc<dyn Sink>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Where verdicts go.
    pub to: Destinations,
    /// The namespace of metrics.
    pub namespace: String,
    /// The name of the deployment in its heartbeat.
    pub deployment: String,
}

/// One dataset's history for one run, stored with what decides when to look next.
pub type Recalled = OneRun<Watch>;

/// The result for one dataset.
#[derive(Clone, Debug)]
pub enum Attended {
    /// There was nothing to do.
    Left,
    /// It was noted that something was written.
    Noted,
    /// It was looked at.
    Looked {
        /// The report.
        report: Box<DatasetReport>,
        /// The values of new verdicts, claimed for this call.
        posts: Vec<Delivery>,
    },
}

/// Why a dataset could not be handled.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    /// The state could not be read or written.
    #[error("the state of dataset `{dataset}` failed")]
    State {
        /// The dataset.
        dataset: String,
        /// The cause.
        #[source]
        source: HistoryError,
    },
    /// The lake could not be seen well enough.
    #[error("dataset `{dataset}` could not be seen: {gaps}")]
    Unseen {
        /// The dataset.
        dataset: String,
        /// What could not be seen, why, and what to do.
        gaps: String,
    },
}

impl Ports {
    /// The history of the datasets.
    pub(crate) fn state(&self) -> Documents<Watch> {
        Documents::new(self.shelf.clone()).of(self.origins.clone())
    }

    /// Reads the history of a dataset. If a look is `likely`, its past is read at the same time.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn recall(&self, dataset: &Dataset, likely: bool) -> Result<Recalled, Failed> {
        let failed = |source| Failed::State { dataset: dataset.name.clone(), source };
        self.state().one_run(&dataset.name, likely).await.map_err(failed)
    }

    /// Handles one dataset, whose history was read a moment ago (`recalled`).
    ///
    /// # Errors
    /// If its state cannot be read or written. What could not be seen in the lake is in the report.
    pub async fn attend(
        &self,
        dataset: &Dataset,
        reason: Reason,
        recalled: Recalled,
    ) -> Result<Attended, Failed> {
        let name = dataset.name.as_str();
        let failed = |source| Failed::State { dataset: name.to_owned(), source };
        let (mut recalled, mut last) = (recalled, None);
        for _ in 0..TRIES {
            let now = self.clock.now();
            match recalled.beside().decide(&reason, quiet(dataset), now) {
                Decision::Leave => return Ok(Attended::Left),
                Decision::Note(at) => {
                    let note = |watch: &Watch| match watch.decide(&reason, quiet(dataset), now) {
                        Decision::Leave => None,
                        _ => Some(watch.noted(at, reason.places())),
                    };
                    self.state().update(name, note).await.map_err(failed)?;
                    return Ok(Attended::Noted);
                }
                Decision::Wait(until) => {
                    self.clock.until(until).await;
                    recalled = self.recall(dataset, true).await?;
                    continue;
                }
                Decision::Look => {}
            }
            let looked = async {
                let outcomes = self.look(dataset, &reason, &recalled, now).await.map_err(of_history)?;
                self.looked(dataset, &reason, &recalled, &outcomes, now).await
            };
            match looked.await {
                // The other run may have seen everything that there was: decide again.
                Err(source @ HistoryError::Outrun { .. }) => {
                    last = Some(source);
                    recalled = self.recall(dataset, true).await?;
                }
                looked => return looked.map_err(failed),
            }
        }
        let outrun = HistoryError::Outrun { place: format!("dataset `{name}`, {TRIES} times") };
        Err(failed(last.unwrap_or(outrun)))
    }

    /// Runs the pipeline; a second time for recent partitions that events named and that the first run saw no reason to
    /// look at, such as those before the oldest in the history.
    async fn look(
        &self,
        dataset: &Dataset,
        reason: &Reason,
        past: &Recalled,
        now: Timestamp,
    ) -> Result<Vec<Outcome>, RunError> {
        let ask = Ask { dataset, wanted: &Wanted::Newest, now, replay: false, to: &self.to };
        let outcome = run(self.lake.as_ref(), past, ask).await?;
        let told = past.beside().places.union(reason.places());
        let missed: Vec<Partition> =
            told.filter(|p| is_missed(**p, dataset, &outcome, now)).copied().collect();
        if missed.is_empty() {
            return Ok(vec![outcome]);
        }
        let named = run(self.lake.as_ref(), past, Ask { wanted: &Wanted::Named(missed), ..ask }).await?;
        // They may contain the first partition ever seen: the newest ones are expected only from then on.
        let newest = run(self.lake.as_ref(), past, ask).await?;
        Ok(vec![newest, named, outcome])
    }

    /// Ends the alarms of splits that are no longer watched.
    ///
    /// # Errors
    /// If the state cannot be read or written.
    pub(crate) async fn only(&self, dataset: &Dataset, splits: &[Dataset]) -> Result<(), Failed> {
        let (state, now) = (self.state(), self.clock.now());
        let ended = async {
            let raised = state.raised_in_splits(&dataset.name).await?;
            for name in raised.keys().filter(|name| !splits.iter().any(|split| split.name == **name)) {
                let (standing, changes) = state.standing(name).await?.ended(now);
                let changes = Changes { standing: Some(standing), changes, ..Changes::default() };
                state.commit(name, &changes, now).await?;
            }
            Ok(())
        };
        ended.await.map_err(|source| Failed::State { dataset: dataset.name.clone(), source })
    }

    async fn looked(
        &self,
        dataset: &Dataset,
        reason: &Reason,
        run: &Recalled,
        outcomes: &[Outcome],
        now: Timestamp,
    ) -> Result<Attended, HistoryError> {
        let reports: Vec<&DatasetReport> = outcomes.iter().map(|outcome| &outcome.judgement.report).collect();
        let report = merged(&reports, dataset);
        let wakes = outcomes.iter().map(|outcome| wake(dataset, &outcome.judgement, now));
        let look = Look { reason, began: now, wake: wakes.min().unwrap_or(now) };
        let finished = run.finish(|watch| watch.looked(look)).await?;
        let new = |delivery: &&Delivery| delivery.since == now && delivery.post().is_some();
        let posts: Vec<Delivery> = finished.deliveries.entries().iter().filter(new).cloned().collect();
        say(&report, &posts);
        Ok(Attended::Looked { report: Box::new(report), posts })
    }
}

fn of_history(RunError::History { source, .. }: RunError) -> HistoryError {
    source
}

fn has_landed(outcome: &Outcome, partition: Partition) -> bool {
    outcome.judgement.timeline.get(partition).is_some_and(|slot| slot.record.landed_at.is_some())
}

impl Attended {
    /// The result in numbers.
    pub(crate) fn summary(&self) -> Summary {
        let Attended::Looked { report, posts } = self else { return Summary::default() };
        Summary {
            looks: 1,
            list_requests: report.list_requests,
            verdicts: posts.len() as u64,
            values: 0,
            alarms: (report.status == Status::Alarm).then(|| report.dataset.clone()).into_iter().collect(),
        }
    }

    /// What could not be seen, as an error.
    pub(crate) fn unseen(&self) -> Option<Failed> {
        let Attended::Looked { report, .. } = self else { return None };
        let gaps: Vec<String> = report.gaps.iter().map(ToString::to_string).collect();
        (!gaps.is_empty()).then(|| Failed::Unseen { dataset: report.dataset.clone(), gaps: gaps.join("; ") })
    }
}

/// Whether a partition that events named is recent, was not looked at, and is not known to have landed.
fn is_missed(partition: Partition, dataset: &Dataset, outcome: &Outcome, now: Timestamp) -> bool {
    let back = current(dataset, now).periods_since(partition);
    let looked_at = match &outcome.scope {
        Scope::Partitions(partitions) => partitions.contains(&partition),
        Scope::Past { since } => since.is_none_or(|since| partition >= since),
    };
    (0..=RECENT).contains(&back) && !looked_at && !has_landed(outcome, partition)
}

/// Merges the reports of up to three looks: for each partition, the first one counts.
fn merged(reports: &[&DatasetReport], dataset: &Dataset) -> DatasetReport {
    let mut partitions: Vec<PartitionReport> = Vec::new();
    for partition in reports.iter().flat_map(|report| &report.partitions) {
        if !partitions.iter().any(|known| known.partition == partition.partition) {
            partitions.push(partition.clone());
        }
    }
    partitions.sort_by_key(|p| std::cmp::Reverse(p.partition));
    let newest = reports.first();
    DatasetReport {
        dataset: dataset.name.clone(),
        status: reports.iter().map(|report| report.status).max().unwrap_or(Status::Unknown),
        partitions,
        gaps: reports.iter().flat_map(|report| report.gaps.iter().cloned()).collect(),
        freshness: newest.and_then(|report| report.freshness),
        list_requests: reports.iter().map(|report| report.list_requests).sum(),
        notes: newest.map(|report| report.notes.clone()).unwrap_or_default(),
        owner: dataset.owner.clone(),
        runbook: dataset.runbook.clone(),
    }
}

/// How long nothing must have been written before a tick looks.
fn quiet(dataset: &Dataset) -> SignedDuration {
    match dataset.landed_when {
        LandedWhen::Quiet { seconds } => SignedDuration::from_secs(seconds),
        LandedWhen::Marker(_) | LandedWhen::Inferred => QUIET,
    }
}

/// Logs new verdicts with their evidence.
fn say(report: &DatasetReport, new: &[Delivery]) {
    let is_new = |partition| new.iter().any(|delivery| delivery.partition() == partition);
    for partition in report.partitions.iter().filter(|report| is_new(report.partition)) {
        for alarm in partition.alarms.iter().filter(|alarm| alarm.state == State::Alarm) {
            let runbook = report.runbook.as_deref().unwrap_or_default();
            tracing::warn!(
                dataset = report.dataset,
                partition = %partition.partition,
                metric = %alarm.metric,
                observed = alarm.observed,
                low = alarm.expected.low,
                high = alarm.expected.high,
                runbook,
                "{}", alarm.reason
            );
        }
        let state = partition.state.name();
        tracing::info!(dataset = report.dataset, partition = %partition.partition, state, "judged");
    }
}
