//! Called by the scheduler, at deadlines and at ticks.

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

/// Datasets handled in parallel.
const ABREAST: usize = 16;
/// A scheduled call covers the deadlines within this time of its own.
const WITHIN: SignedDuration = SignedDuration::from_mins(1);
/// How many periods a deadline is searched for in both directions: a month of hours.
const FAR: i64 = 31 * 24;

/// The input of the function.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "lakegauge", rename_all = "lowercase")]
pub enum Called {
    /// A deadline has come.
    Deadline {
        /// The scheduled time; may be left out when called by hand.
        at: Option<Timestamp>,
        /// The time zone of the schedule, for people.
        zone: Option<String>,
    },
    /// The regular tick.
    Tick {
        /// The scheduled time.
        at: Option<Timestamp>,
    },
}

/// The errors of a call. Every dataset was handled all the same.
#[derive(Debug, thiserror::Error)]
#[error("{} of {all} datasets: {}", .failures.len(), .failures.join("; "))]
pub struct Failures {
    /// The number of datasets that were handled.
    pub all: usize,
    /// The errors as text.
    pub failures: Vec<String>,
}

/// Handles one call.
///
/// # Errors
/// If a dataset's state or lake could not be read, or CloudWatch did not answer; everything else is done first. The
/// function's own `Errors` metric counts it.
pub async fn schedule(deployment: &Deployment, called: &Called) -> Result<Summary, Failures> {
    let now = deployment.ports.clock.now();
    let (deadline, at) = match called {
        Called::Deadline { at, .. } => (true, at.unwrap_or(now)),
        Called::Tick { at } => (false, at.unwrap_or(now)),
    };
    let (datasets, mut failures) = every(deployment, deadline.then_some(at)).await;
    let all = datasets.len();
    // A new process answers its first tick sooner if it reads the histories in parallel with everything else. With many
    // datasets it does not, because most of their histories will not be needed.
    let few = all <= ABREAST;
    let attend = |(dataset, reason): (Dataset, Reason)| attend(&deployment.ports, dataset, reason, few);
    let attended = futures::stream::iter(datasets.into_iter().map(attend)).buffer_unordered(ABREAST);
    // The heartbeat means that the tick was called and reached CloudWatch; all other errors are errors of the function.
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

/// The datasets, or their splits, that the call concerns, and the reason for each.
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
        // The scheduler fires within its minute; a partition is overdue only after its deadline.
        ports.clock.until(due + SignedDuration::from_millis(1)).await;
    }
    let likely = match reason {
        Reason::Tick => few && !ports.state().holds(&dataset.name),
        _ => true,
    };
    let recalled = ports.recall(&dataset, likely).await?;
    let mut posts = match &reason {
        Reason::Tick => ports.left_behind(&dataset, &recalled).await?,
        _ => Vec::new(),
    };
    let attended = ports.attend(&dataset, reason, recalled).await?;
    if let Attended::Looked { posts: new, .. } = &attended {
        posts.extend(new.iter().map(|post| OutboxEntry::new(&dataset.name, post)));
    }
    Ok((attended, posts))
}

/// The deadline of an expected partition of `dataset` within a minute of `at`, if there is one.
pub(crate) fn due_around(dataset: &Dataset, at: Timestamp) -> Option<Timestamp> {
    let due = dataset.due?;
    let current = current(dataset, at);
    // Deadlines are in the order of the partitions: the first one that is too early ends the search.
    let candidates = (-FAR..=FAR).map(|back| current.offset(-back));
    candidates
        .map(|partition| (partition, due.deadline(partition, &dataset.zone)))
        .skip_while(|(_, deadline)| *deadline > at + WITHIN)
        .take_while(|(_, deadline)| *deadline > at - WITHIN)
        .find(|(partition, _)| dataset.calendar.expected(*partition, &dataset.zone).expected)
        .map(|(_, deadline)| deadline)
}
