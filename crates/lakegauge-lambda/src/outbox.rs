//! Sends pending values, in one request for all datasets, and then removes them from the outboxes.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use lakegauge_aws::{Refusal, Unsent};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::publish::{Datum, alive};

use crate::attend::{Failed, Ports};
use crate::watch::{Post, Watch};

/// Entries older than this were left behind by the call that added them: the tick sends them.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_mins(5);
/// An alarm of one-minute periods sees values up to this age.
const SEEN: SignedDuration = SignedDuration::from_secs(60);
/// CloudWatch rejects values that are older (two weeks, `PutMetricData`).
const TOO_OLD: SignedDuration = SignedDuration::from_hours(14 * 24 - 1);

impl Ports {
    /// Sends verdicts. Returns how many values CloudWatch accepted, and which it rejected.
    ///
    /// # Errors
    ///
    /// If the state cannot be written. Values that CloudWatch rejects are not an error: they stay in the outbox.
    pub(crate) async fn send(&self, posts: &[OutboxEntry]) -> Result<(u64, Option<Unsent>), Failed> {
        let now = self.clock.now();
        let sent: Vec<Vec<Datum>> = posts.iter().map(|entry| entry.sent(now)).collect();
        let data: Vec<Datum> = sent.iter().flatten().cloned().collect();
        let outcome = if data.is_empty() { Ok(()) } else { self.sink.put(&self.namespace, &data).await };
        let unsent = outcome.err();
        let (mut sent_posts, mut at, mut accepted) = (BTreeMap::<&str, Vec<Post>>::new(), 0, data.len());
        for (OutboxEntry { dataset, post, .. }, data) in posts.iter().zip(&sent) {
            let places = at..at + data.len();
            at = places.end;
            let refused: Vec<(&Datum, &Refusal)> =
                places.filter_map(|place| Some((data.get(place)?, unsent.as_ref()?.why(place)?))).collect();
            accepted = accepted.saturating_sub(refused.len());
            log_rejected(dataset, post, &refused);
            if refused.iter().all(|(_, why)| !why.passes()) {
                sent_posts.entry(dataset).or_default().push(post.clone());
            }
        }
        let forget = sent_posts.into_iter().map(|(name, posts)| self.forget(name, posts));
        futures::future::try_join_all(forget).await?;
        Ok((accepted as u64, unsent))
    }

    async fn forget(&self, name: &str, posts: Vec<Post>) -> Result<(), Failed> {
        let without = |watch: &Watch| {
            let next = watch.sent(&posts);
            (next != *watch).then_some(next)
        };
        let done = self.state().update(name, without).await;
        done.map(drop).map_err(|source| Failed::State { dataset: name.to_owned(), source })
    }

    /// What earlier calls left in the outbox of a dataset.
    pub(crate) async fn left_behind(
        &self,
        dataset: &Dataset,
        watch: &Watch,
    ) -> Result<Vec<OutboxEntry>, Failed> {
        let name = dataset.name.as_str();
        let now = self.clock.now();
        let old = |post: &Post| now.duration_since(post.since) >= TOO_OLD;
        let lost: Vec<Post> = watch.outbox.iter().filter(|post| old(post)).cloned().collect();
        for post in &lost {
            let values = listed(post.data.iter());
            tracing::error!(
                dataset = name,
                partition = %post.partition,
                values,
                "judged at {} and not sent since: CloudWatch rejects values older than two weeks, so they are dropped",
                post.since
            );
        }
        if !lost.is_empty() {
            self.forget(name, lost).await?;
        }
        let due = |post: &&Post| now.duration_since(post.since) >= LEFT_BEHIND && !old(post);
        let entry = |post: &Post| OutboxEntry {
            dataset: name.to_owned(),
            post: post.clone(),
            holds: watch.posted_at == Some(post.since),
        };
        Ok(watch.outbox.iter().filter(due).map(entry).collect())
    }

    /// Posts the heartbeat.
    pub(crate) async fn heartbeat(&self) -> Option<Unsent> {
        self.sink.put(&self.namespace, &[alive(&self.deployment, self.clock.now())]).await.err()
    }
}

/// A verdict to send.
#[derive(Clone, Debug)]
pub(crate) struct OutboxEntry {
    pub(crate) dataset: String,
    pub(crate) post: Post,
    /// Whether no later look has changed the dataset's values.
    pub(crate) holds: bool,
}

impl OutboxEntry {
    /// A verdict that has just been recorded.
    pub(crate) fn new(dataset: &str, post: &Post) -> OutboxEntry {
        OutboxEntry { dataset: dataset.to_owned(), post: post.clone(), holds: true }
    }

    /// Its values. An alarm only looks at the last minutes, so values that are sent later and still hold are also
    /// sent with the current time.
    fn sent(&self, now: Timestamp) -> Vec<Datum> {
        let mut data = self.post.data.clone();
        if self.holds && now.duration_since(self.post.since) >= SEEN {
            data.extend(self.post.data.iter().map(|datum| Datum { at: now.max(datum.at), ..datum.clone() }));
        }
        data
    }
}

/// Logs the values that CloudWatch rejected, and why.
fn log_rejected(dataset: &str, post: &Post, refused: &[(&Datum, &Refusal)]) {
    for alike in refused.chunk_by(|(_, one), (_, other)| one == other) {
        let Some((_, why)) = alike.first() else { continue };
        let values = listed(alike.iter().map(|(datum, _)| *datum));
        tracing::error!(dataset, partition = %post.partition, values, "rejected by CloudWatch: {why}");
    }
}

/// Values for the log.
fn listed<'a>(data: impl Iterator<Item = &'a Datum>) -> String {
    data.map(|datum| format!("{}={}", datum.name, datum.value)).collect::<Vec<_>>().join(" ")
}
