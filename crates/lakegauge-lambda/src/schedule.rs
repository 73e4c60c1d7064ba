//! Called by the scheduler: at deadlines, and at ticks.

use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::cause::chain;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::scope::current;
use serde::Deserialize;

use crate::attend::{Attended, Failed, Ports};
use crate::outbox::OutboxEntry;
use crate::reach::Deployment;
use crate::splits::Instances;
use crate::summary::Summary;
use crate::watch::Reason;

/// Datasets attended to at once.
const ABREAST: usize = 16;
/// A schedule stands for the deadlines within so much of its own instant.
const WITHIN: SignedDuration = SignedDuration::from_mins(1);
/// How many periods a deadline is sought back and forth: a month of hours.
const FAR: i64 = 31 * 24;

/// What the function is called with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "lakegauge", rename_all = "lowercase")]
pub enum Called {
    /// Deadlines have come.
    Deadline {
        /// The instant that was scheduled; by hand it may be left out.
        at: Option<Timestamp>,
        /// The zone of the schedule; for people.
        zone: Option<String>,
    },
    /// Some time has passed.
    Tick {
        /// The instant that was scheduled.
        at: Option<Timestamp>,
    },
}

/// Why a call failed. Every dataset was attended to all the same.
#[derive(Debug, thiserror::Error)]
#[error("{} of {all} datasets: {}", .failures.len(), .failures.join("; "))]
pub struct Failures {
    /// How many datasets were attended to.
    pub all: usize,
    /// What failed, in words.
    pub failures: Vec<String>,
}

/// Handles one call.
///
/// # Errors
/// After everything else was done, when a dataset's state or lake could not be read, or CloudWatch did not answer: the
/// function's own `Errors` metric says so.
pub async fn schedule(deployment: &Deployment, called: &Called) -> Result<Summary, Failures> {
    let now = deployment.ports.clock.now();
    let (deadline, at) = match called {
        Called::Deadline { at, .. } => (true, at.unwrap_or(now)),
        Called::Tick { at } => (false, at.unwrap_or(now)),
    };
    let (datasets, mut failures) = every(deployment, deadline.then_some(at)).await;
    let all = datasets.len();
    // A new process answers its first tick sooner when it reads histories at once with the rest, unless they are many: most
    // of them will not be asked for.
    let few = all <= ABREAST;
    let attend = |(dataset, reason): (Dataset, Reason)| attend(&deployment.ports, dataset, reason, few);
    let attended = futures::stream::iter(datasets.into_iter().map(attend)).buffer_unordered(ABREAST);
    // A tick is alive when it is called and CloudWatch hears it; what fails besides is an error of the function.
    let beat = async { if deadline { None } else { deployment.ports.heartbeat().await } };
    let (done, silent) = futures::join!(attended.collect::<Vec<_>>(), beat);
    failures.extend(silent.map(|unsent| unsent.to_string()));
    let (mut summary, mut posts) = (Summary::default(), Vec::new());
    for outcome in done {
        match outcome {
            Ok((attended, mut told)) => {
                summary.add(attended.summary());
                failures.extend(attended.unseen().map(|unseen| chain(&unseen)));
                posts.append(&mut told);
            }
            Err(error) => failures.push(chain(&error)),
        }
    }
    match deployment.ports.send(&posts).await {
        Ok((values, unsent)) => {
            summary.values = values;
            failures.extend(unsent.map(|unsent| unsent.to_string()));
        }
        Err(error) => failures.push(chain(&error)),
    }
    if failures.is_empty() { Ok(summary) } else { Err(Failures { all, failures }) }
}

/// Every dataset that the call is about, each of its splits, and why.
async fn every(
    deployment: &Deployment,
    deadline: Option<Timestamp>,
) -> (Vec<(Dataset, Reason)>, Vec<String>) {
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    for dataset in &deployment.config.datasets {
        let reason = match deadline {
            Some(at) => due_around(dataset, at).map(Reason::Deadline),
            None => Some(Reason::Tick),
        };
        let Some(reason) = reason else { continue };
        match deployment.instances(dataset).await {
            Ok(Instances { datasets, unseen }) => {
                failures.extend(unseen.map(|unseen| chain(&unseen)));
                if deadline.is_none() && dataset.is_split() {
                    let only = deployment.ports.only(dataset, &datasets).await;
                    failures.extend(only.err().map(|error| chain(&error)));
                }
                found.extend(datasets.into_iter().map(|instance| (instance, reason.clone())));
            }
            Err(error) => failures.push(chain(&error)),
        }
    }
    (found, failures)
}

async fn attend(
    ports: &Ports,
    dataset: Dataset,
    reason: Reason,
    few: bool,
) -> Result<(Attended, Vec<OutboxEntry>), Failed> {
    if let Reason::Deadline(due) = reason {
        // The scheduler fires within its minute; overdue begins after the deadline itself.
        ports.clock.until(due + SignedDuration::from_millis(1)).await;
    }
    let likely = match reason {
        Reason::Tick => few && !ports.state().holds(&dataset.name),
        _ => true,
    };
    let recalled = ports.recall(&dataset, likely).await?;
    let mut posts = match &reason {
        Reason::Tick => ports.left_behind(&dataset, recalled.beside()).await?,
        _ => Vec::new(),
    };
    let attended = ports.attend(&dataset, reason, recalled).await?;
    if let Attended::Looked { verdicts, .. } = &attended {
        posts.extend(verdicts.iter().map(|post| OutboxEntry::new(&dataset.name, post)));
    }
    Ok((attended, posts))
}

/// The deadline of a partition of `dataset` within a minute of `at`, if there is one that is expected.
pub(crate) fn due_around(dataset: &Dataset, at: Timestamp) -> Option<Timestamp> {
    let due = dataset.due?;
    let current = current(dataset, at);
    // Deadlines keep the order of partitions: the first one that is too early ends the search.
    let candidates = (-FAR..=FAR).map(|back| current.offset(-back));
    candidates
        .map(|partition| (partition, due.deadline(partition, &dataset.zone)))
        .skip_while(|(_, deadline)| *deadline > at + WITHIN)
        .take_while(|(_, deadline)| *deadline > at - WITHIN)
        .find(|(partition, _)| dataset.calendar.expected(*partition, &dataset.zone).expected)
        .map(|(_, deadline)| deadline)
}
