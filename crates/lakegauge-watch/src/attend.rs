//! Handles one dataset: decides whether to look, looks, judges and records.

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::alarm::State;
use lakegauge_core::dataset::{Dataset, LandedWhen};
use lakegauge_core::delivery::Delivery;
use lakegauge_core::partition::Partition;
use lakegauge_core::scope::Wanted;
use lakegauge_core::verdict::{DatasetReport, Status};
use lakegauge_engine::{Ask, HistoryError, Outcome, RunError, run};

use crate::attention::{Attention, Decision, Look, Notices, Reason};
use crate::book::Visit;
use crate::merged::{is_missed, merged};
use crate::outbox::Outgoing;
use crate::summary::Summary;
use crate::wake::wake;
use crate::watcher::{Failed, Watcher};

/// How often a run is repeated because another one wrote first.
const TRIES: u32 = 8;
/// How long a tick waits for writing to stop, unless the dataset says otherwise.
const QUIET: SignedDuration = SignedDuration::from_mins(10);

/// The result for one dataset.
#[derive(Clone, Debug)]
pub(crate) enum Attended {
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

impl Watcher {
    /// Opens a dataset. If a look is `likely`, its past is read at the same time.
    pub(crate) async fn visit(&self, dataset: &Dataset, likely: bool) -> Result<Box<dyn Visit>, Failed> {
        self.book.visit(&dataset.name, likely).await.map_err(Failed::state(&dataset.name))
    }

    /// Handles what events said of one dataset.
    ///
    /// # Errors
    /// If its state cannot be read or written. What could not be seen in the lake is in the report.
    pub(crate) async fn events(&self, dataset: &Dataset, notices: Notices) -> Result<Attended, Failed> {
        let visit = self.visit(dataset, notices.marked.is_some()).await?;
        self.attend(dataset, &Reason::Events(notices), visit).await
    }

    /// Handles one dataset, which was opened a moment ago.
    ///
    /// # Errors
    /// If its state cannot be read or written. What could not be seen in the lake is in the report.
    pub(crate) async fn attend(
        &self,
        dataset: &Dataset,
        reason: &Reason,
        visit: Box<dyn Visit>,
    ) -> Result<Attended, Failed> {
        let name = dataset.name.as_str();
        let (mut opened, mut last) = (Some(visit), None);
        for _ in 0..TRIES {
            let visit = match opened.take() {
                Some(visit) => visit,
                None => self.visit(dataset, true).await?,
            };
            let now = self.now();
            match visit.attention().decide(reason, quiet(dataset), now) {
                Decision::Leave => return Ok(Attended::Left),
                Decision::Note(at) => {
                    drop(visit);
                    let note = |attention: &Attention| match attention.decide(reason, quiet(dataset), now) {
                        Decision::Leave => None,
                        _ => Some(attention.noted(at, reason.places())),
                    };
                    self.book.note(name, &note).await.map_err(Failed::state(name))?;
                    return Ok(Attended::Noted);
                }
                Decision::Wait(until) => {
                    // Whoever looks meanwhile must not wait for this one.
                    drop(visit);
                    self.clock.until(until).await;
                    continue;
                }
                Decision::Look => {}
            }
            let looked = async {
                let outcomes = self.look(dataset, reason, visit.as_ref(), now).await.map_err(of_history)?;
                self.looked(dataset, reason, visit.as_ref(), &outcomes, now).await
            };
            match looked.await {
                // The other run may have seen everything that there was: decide again.
                Err(source @ HistoryError::Outrun { .. }) => last = Some(source),
                looked => return looked.map_err(Failed::state(name)),
            }
        }
        let outrun = HistoryError::Outrun { place: format!("dataset `{name}`, {TRIES} times") };
        Err(Failed::state(name)(last.unwrap_or(outrun)))
    }

    /// Runs the pipeline; a second time for recent partitions that events named and that the first run saw no reason to
    /// look at, such as those before the oldest in the history.
    async fn look(
        &self,
        dataset: &Dataset,
        reason: &Reason,
        visit: &dyn Visit,
        now: Timestamp,
    ) -> Result<Vec<Outcome>, RunError> {
        let ask = Ask { dataset, wanted: &Wanted::Newest, now, replay: false, to: &self.to };
        let outcome = run(self.lake.as_ref(), visit.history(), ask).await?;
        let told = visit.attention().places.union(reason.places());
        let missed: Vec<Partition> =
            told.filter(|p| is_missed(**p, dataset, &outcome, now)).copied().collect();
        if missed.is_empty() {
            return Ok(vec![outcome]);
        }
        let named =
            run(self.lake.as_ref(), visit.history(), Ask { wanted: &Wanted::Named(missed), ..ask }).await?;
        // They may contain the first partition ever seen: the newest ones are expected only from then on.
        let newest = run(self.lake.as_ref(), visit.history(), ask).await?;
        Ok(vec![newest, named, outcome])
    }

    async fn looked(
        &self,
        dataset: &Dataset,
        reason: &Reason,
        visit: &dyn Visit,
        outcomes: &[Outcome],
        now: Timestamp,
    ) -> Result<Attended, HistoryError> {
        let reports: Vec<&DatasetReport> = outcomes.iter().map(|outcome| &outcome.judgement.report).collect();
        let report = merged(&reports, dataset);
        let wakes = outcomes.iter().map(|outcome| wake(dataset, &outcome.judgement, now));
        let look = Look { reason, began: now, wake: wakes.min().unwrap_or(now) };
        let deliveries = visit.finish(&|attention| attention.looked(look)).await?;
        let new = |delivery: &&Delivery| delivery.since == now && delivery.post().is_some();
        let posts: Vec<Delivery> = deliveries.entries().iter().filter(new).cloned().collect();
        say(&report, &posts);
        Ok(Attended::Looked { report: Box::new(report), posts })
    }
}

fn of_history(RunError::History { source, .. }: RunError) -> HistoryError {
    source
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
        Failed::unseen(&report.dataset, &report.gaps)
    }

    /// The values of new verdicts, to be sent.
    pub(crate) fn outgoing(&self) -> Vec<Outgoing> {
        let Attended::Looked { report, posts } = self else { return Vec::new() };
        posts.iter().map(|post| Outgoing::new(&report.dataset, post)).collect()
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
            let runbook = report.about.runbook.as_deref().unwrap_or_default();
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
