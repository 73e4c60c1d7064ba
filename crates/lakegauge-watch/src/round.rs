//! One round through the datasets: at a deadline, or at the regular tick.

use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use lakegauge_core::cause::chain;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::scope::current;

use crate::attend::Attended;
use crate::attention::Reason;
use crate::outbox::Outgoing;
use crate::splits::Instances;
use crate::summary::Summary;
use crate::watcher::{ABREAST, Failed, Failures, Watcher};

/// A round covers the deadlines within this time of its own.
const WITHIN: SignedDuration = SignedDuration::from_mins(1);
/// How many periods a deadline is searched for in both directions: a month of hours.
const FAR: i64 = 31 * 24;

/// Why a round is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// A deadline comes at this time, or has come.
    Deadline(Timestamp),
    /// The regular tick. It posts the heartbeat.
    Tick,
}

impl Watcher {
    /// Makes one round through `all_datasets`.
    ///
    /// # Errors
    /// If a dataset's state or lake could not be read, or the sink did not answer; everything else is done first.
    pub async fn round(&self, all_datasets: &[Dataset], round: Round) -> Result<Summary, Failures> {
        let (datasets, mut failures) = self.every(all_datasets, round).await;
        let all = datasets.len();
        // A new process answers its first tick sooner if it reads the histories in parallel with everything else. With many
        // datasets it does not, because most of their histories will not be needed.
        let few = all <= ABREAST;
        let attend = |(dataset, reason): (Dataset, Reason)| self.look_after(dataset, reason, few);
        let attended = futures::stream::iter(datasets.into_iter().map(attend)).buffer_unordered(ABREAST);
        // The heartbeat means that the tick was called and reached CloudWatch; all other errors are errors of the function.
        let beat = async {
            match round {
                Round::Deadline(_) => None,
                Round::Tick => self.heartbeat().await,
            }
        };
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
        match self.send(&posts).await {
            Ok((values, unsent)) => {
                summary.values = values;
                failures.extend(unsent.map(|unsent| unsent.to_string()));
            }
            Err(error) => failures.push(chain(&error)),
        }
        if failures.is_empty() { Ok(summary) } else { Err(Failures { all, failures }) }
    }

    /// The datasets, or their splits, that the call concerns, and the reason for each.
    async fn every(&self, all_datasets: &[Dataset], round: Round) -> (Vec<(Dataset, Reason)>, Vec<String>) {
        let (mut found, mut failures) = (Vec::new(), Vec::new());
        for dataset in all_datasets {
            let reason = match round {
                Round::Deadline(at) => due_around(dataset, at).map(Reason::Deadline),
                Round::Tick => Some(Reason::Tick),
            };
            let Some(reason) = reason else { continue };
            match self.instances(dataset).await {
                Ok(Instances { datasets, unseen }) => {
                    failures.extend(unseen.map(|unseen| chain(&unseen)));
                    if round == Round::Tick && dataset.is_split() {
                        let only = self.only(dataset, &datasets).await;
                        failures.extend(only.err().map(|error| chain(&error)));
                    }
                    found.extend(datasets.into_iter().map(|instance| (instance, reason.clone())));
                }
                Err(error) => failures.push(chain(&error)),
            }
        }
        (found, failures)
    }

    async fn look_after(
        &self,
        dataset: Dataset,
        reason: Reason,
        few: bool,
    ) -> Result<(Attended, Vec<Outgoing>), Failed> {
        if let Reason::Deadline(due) = reason {
            // The scheduler fires within its minute; a partition is overdue only after its deadline.
            self.clock.until(due + SignedDuration::from_millis(1)).await;
        }
        let likely = match reason {
            Reason::Tick => few && !self.book.holds(&dataset.name),
            _ => true,
        };
        let visit = self.visit(&dataset, likely).await?;
        let mut posts = match &reason {
            Reason::Tick => self.left_behind(&dataset, visit.as_ref()).await?,
            _ => Vec::new(),
        };
        let attended = self.attend(&dataset, &reason, visit).await?;
        posts.extend(attended.outgoing());
        Ok((attended, posts))
    }
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
