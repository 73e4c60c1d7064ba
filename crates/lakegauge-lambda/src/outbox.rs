//! What waits to be told is told, in one request for all datasets, and then forgotten.

use jiff::SignedDuration;
use lakegauge_aws::Unsent;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::publish::{Datum, alive};

use crate::attend::{Failed, KIND, Watchman};
use crate::watch::{Post, Watch};

/// What lies in an outbox for so long was not told by the call that put it there: the tick tells it.
const LEFT_BEHIND: SignedDuration = SignedDuration::from_mins(5);
/// CloudWatch takes no values that are older (two weeks, `PutMetricData`).
const TOO_OLD: SignedDuration = SignedDuration::from_hours(14 * 24 - 1);

impl Watchman {
    /// Tells new verdicts, `(dataset, post)`. Returns how many values CloudWatch took, and what it did not.
    ///
    /// # Errors
    /// When the state cannot be written. What CloudWatch does not take is no error: it stays in the outbox.
    pub(crate) async fn tell(&self, posts: &[(String, Post)]) -> Result<(u64, Option<Unsent>), Failed> {
        let data: Vec<Datum> = posts.iter().flat_map(|(_, post)| post.data.iter().cloned()).collect();
        let outcome = if data.is_empty() { Ok(()) } else { self.sink.put(&self.namespace, &data).await };
        let unsent = outcome.err();
        if let Some(unsent) = &unsent {
            tracing::error!("{unsent}");
        }
        let kept = |at: usize| {
            unsent.as_ref().is_some_and(|unsent| unsent.why.passes() && unsent.which.contains(&at))
        };
        let (mut told, mut at) = (Vec::new(), 0);
        for (dataset, post) in posts {
            let whole = (at..at + post.data.len()).all(|at| !kept(at));
            at += post.data.len();
            if whole {
                told.push((dataset.as_str(), post.clone()));
            }
        }
        let mut names: Vec<&str> = told.iter().map(|(dataset, _)| *dataset).collect();
        names.sort_unstable();
        names.dedup();
        let forget = names.iter().map(|name| {
            let posts: Vec<Post> =
                told.iter().filter(|(of, _)| of == name).map(|(_, post)| post.clone()).collect();
            self.forget(name, posts)
        });
        futures::future::try_join_all(forget).await?;
        let failed = unsent.as_ref().map_or(0, |unsent| unsent.which.len());
        Ok(((data.len() - failed.min(data.len())) as u64, unsent))
    }

    async fn forget(&self, name: &str, posts: Vec<Post>) -> Result<(), Failed> {
        let without = |watch: &Watch| {
            let next = watch.told(&posts);
            (next != *watch).then_some(next)
        };
        let done = self.shelf.update(KIND, name, without).await;
        done.map(drop).map_err(|source| Failed::State { dataset: name.to_owned(), source })
    }

    /// What earlier calls put into the outbox of a dataset and did not tell.
    pub(crate) async fn left_behind(&self, dataset: &Dataset) -> Result<Vec<(String, Post)>, Failed> {
        let name = dataset.name.as_str();
        let failed = |source| Failed::State { dataset: name.to_owned(), source };
        let watch: Watch = self.shelf.read(KIND, name).await.map_err(failed)?;
        let now = self.clock.now();
        let old = |post: &Post| now.duration_since(post.since) >= TOO_OLD;
        let lost: Vec<Post> = watch.outbox.iter().filter(|post| old(post)).cloned().collect();
        if !lost.is_empty() {
            tracing::error!(
                dataset = name,
                "{} verdicts are too old for CloudWatch: see the log",
                lost.len()
            );
            self.forget(name, lost).await?;
        }
        let due = |post: &&Post| now.duration_since(post.since) >= LEFT_BEHIND && !old(post);
        Ok(watch.outbox.iter().filter(due).map(|post| (name.to_owned(), post.clone())).collect())
    }

    /// Tells that the deployment is alive.
    pub(crate) async fn beat(&self) -> Option<Unsent> {
        self.sink.put(&self.namespace, &[alive(self.clock.now())]).await.err()
    }
}
