//! What waits to be told is told, in one request for all datasets, and then forgotten.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lakegauge_aws::{Refusal, Unsent};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::publish::{Datum, alive};

use crate::attend::{Failed, Watchman};
use crate::watch::{Post, Watch};

/// What lies in an outbox for so long was not told by the call that put it there: the tick tells it.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_mins(5);
/// An alarm of one-minute periods sees a value that is no older.
const SEEN: SignedDuration = SignedDuration::from_secs(60);
/// CloudWatch takes no values that are older (two weeks, `PutMetricData`).
const TOO_OLD: SignedDuration = SignedDuration::from_hours(14 * 24 - 1);

impl Watchman {
    /// Tells verdicts. Returns how many values CloudWatch took, and what it did not.
    ///
    /// # Errors
    /// When the state cannot be written. What CloudWatch does not take is no error: it stays in the outbox.
    pub(crate) async fn tell(&self, posts: &[Word]) -> Result<(u64, Option<Unsent>), Failed> {
        let now = self.clock.now();
        let sent: Vec<Vec<Datum>> = posts.iter().map(|word| word.sent(now)).collect();
        let data: Vec<Datum> = sent.iter().flatten().cloned().collect();
        let outcome = if data.is_empty() { Ok(()) } else { self.sink.put(&self.namespace, &data).await };
        let unsent = outcome.err();
        let (mut told, mut at, mut taken) = (BTreeMap::<&str, Vec<Post>>::new(), 0, data.len());
        for (Word { dataset, post, .. }, data) in posts.iter().zip(&sent) {
            let places = at..at + data.len();
            at = places.end;
            let refused: Vec<(&Datum, &Refusal)> =
                places.filter_map(|place| Some((data.get(place)?, unsent.as_ref()?.why(place)?))).collect();
            taken = taken.saturating_sub(refused.len());
            remark(dataset, post, &refused);
            if refused.iter().all(|(_, why)| !why.passes()) {
                told.entry(dataset).or_default().push(post.clone());
            }
        }
        let forget = told.into_iter().map(|(name, posts)| self.forget(name, posts));
        futures::future::try_join_all(forget).await?;
        Ok((taken as u64, unsent))
    }

    async fn forget(&self, name: &str, posts: Vec<Post>) -> Result<(), Failed> {
        let without = |watch: &Watch| {
            let next = watch.told(&posts);
            (next != *watch).then_some(next)
        };
        let done = self.state().update(name, without).await;
        done.map(drop).map_err(|source| Failed::State { dataset: name.to_owned(), source })
    }

    /// What earlier calls put into the outbox of a dataset and did not tell.
    pub(crate) async fn left_behind(&self, dataset: &Dataset, watch: &Watch) -> Result<Vec<Word>, Failed> {
        let name = dataset.name.as_str();
        let now = self.clock.now();
        let old = |post: &Post| now.duration_since(post.since) >= TOO_OLD;
        let lost: Vec<Post> = watch.outbox.iter().filter(|post| old(post)).cloned().collect();
        for post in &lost {
            let values = said(post.data.iter());
            tracing::error!(
                dataset = name,
                partition = %post.partition,
                values,
                "judged at {}, and not told since: CloudWatch takes no values older than two weeks, they are dropped",
                post.since
            );
        }
        if !lost.is_empty() {
            self.forget(name, lost).await?;
        }
        let due = |post: &&Post| now.duration_since(post.since) >= LEFT_BEHIND && !old(post);
        let word = |post: &Post| Word {
            dataset: name.to_owned(),
            post: post.clone(),
            holds: watch.word == Some(post.since),
        };
        Ok(watch.outbox.iter().filter(due).map(word).collect())
    }

    /// Tells that the deployment is alive.
    pub(crate) async fn beat(&self) -> Option<Unsent> {
        self.sink.put(&self.namespace, &[alive(&self.deployment, self.clock.now())]).await.err()
    }
}

/// A verdict that is to be told.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) dataset: String,
    pub(crate) post: Post,
    /// Whether no look has said anything of the dataset since.
    pub(crate) holds: bool,
}

impl Word {
    /// A verdict that has just been recorded.
    pub(crate) fn new(dataset: &str, post: &Post) -> Word {
        Word { dataset: dataset.to_owned(), post: post.clone(), holds: true }
    }

    /// Its values. An alarm looks at the last minutes only: what is told later than that, and holds, is told as of now besides.
    fn sent(&self, now: Timestamp) -> Vec<Datum> {
        let mut data = self.post.data.clone();
        if self.holds && now.duration_since(self.post.since) >= SEEN {
            data.extend(self.post.data.iter().map(|datum| Datum { at: now.max(datum.at), ..datum.clone() }));
        }
        data
    }
}

/// Tells the log of values that CloudWatch did not take: which, and why.
fn remark(dataset: &str, post: &Post, refused: &[(&Datum, &Refusal)]) {
    for alike in refused.chunk_by(|(_, one), (_, other)| one == other) {
        let Some((_, why)) = alike.first() else { continue };
        let values = said(alike.iter().map(|(datum, _)| *datum));
        tracing::error!(dataset, partition = %post.partition, values, "CloudWatch did not take them: {why}");
    }
}

/// Values as the log shows them.
fn said<'a>(data: impl Iterator<Item = &'a Datum>) -> String {
    data.map(|datum| format!("{}={}", datum.name, datum.value)).collect::<Vec<_>>().join(" ")
}
