//! Limits the number of parallel requests, counts them, and stops asking a store that does not answer.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use lakegauge_core::foreign::visible;
use lakegauge_core::observation::GapKind;
use lakegauge_core::quantity::duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::silence::Silence;
use super::{Ask, Page, Pages};
use crate::error::StoreError;

/// Lets a limited number of requests through at a time and counts each; none while the store is silent.
#[derive(Debug)]
pub(crate) struct Gate<P> {
    inner: P,
    bucket: String,
    places: Semaphore,
    silence: Silence,
}

impl<P> Gate<P> {
    /// A gate with `parallel` places (at least one). `bucket` precedes a prefix in its name for users.
    pub(crate) fn new(inner: P, bucket: String, parallel: usize) -> Gate<P> {
        Gate { inner, bucket, places: Semaphore::new(parallel.max(1)), silence: Silence::default() }
    }
}

#[async_trait]
impl<P: Pages> Pages for Gate<P> {
    async fn page(&self, ask: &Ask) -> Result<Page, StoreError> {
        // The semaphore is never closed, so there is no error; without a permit the request would be sent all the same.
        let _place = self.places.acquire().await.ok();
        let started = Instant::now();
        if let Err(silent) = self.silence.check(started) {
            let silent = duration(silent.as_secs_f64());
            let detail = format!("the store has not answered for {silent}, so it is not asked again for now");
            let place = format!("{}{}", self.bucket, ask.prefix);
            return Err(StoreError::lasting(GapKind::Unreachable, place, detail));
        }
        ask.sent.fetch_add(1, Ordering::Relaxed);
        let answer = self.inner.page(ask).await;
        let answered = !answer.as_ref().is_err_and(|error| error.silent);
        self.silence.note(started, answered, Instant::now());
        let (prefix, took) = (visible(&ask.prefix), started.elapsed());
        match &answer {
            Ok(page) => {
                let (objects, folders, more) = (page.len(), page.prefixes.len(), page.next.is_some());
                tracing::debug!(%prefix, objects, folders, more, ?took, "a list request");
            }
            Err(error) => tracing::debug!(%prefix, %error, ?took, "a list request failed"),
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use super::*;

    #[derive(Default)]
    struct Slow {
        now: AtomicUsize,
        most: AtomicUsize,
    }

    #[async_trait]
    impl Pages for Slow {
        async fn page(&self, _ask: &Ask) -> Result<Page, StoreError> {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(5)).await;
            self.now.fetch_sub(1, Ordering::SeqCst);
            Ok(Page::default())
        }
    }

    /// Never answers.
    struct Mute;

    #[async_trait]
    impl Pages for Mute {
        async fn page(&self, _ask: &Ask) -> Result<Page, StoreError> {
            tokio::time::sleep(Duration::from_secs(30)).await;
            Err(StoreError::timeout("s3://b/k/"))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_store_costs_a_bounded_time_however_often_it_is_asked() {
        let gate = Gate::new(Mute, "s3://b/".to_owned(), 4);
        let ask = Ask { prefix: "k/".to_owned(), ..Ask::default() };
        let started = Instant::now();
        let ends = futures::future::join_all((0..100).map(|_| gate.page(&ask))).await;
        assert_eq!((started.elapsed().as_secs(), ask.sent.load(Ordering::SeqCst)), (60, 8));
        let told = ends.last().unwrap().clone().unwrap_err();
        assert_eq!(
            told.to_string(),
            "s3://b/k/: unreachable (the store has not answered for 1 min, so it is not asked again for now)"
        );
        assert!(!told.retry);
    }

    #[tokio::test]
    async fn no_more_than_the_bound_run_at_once_and_each_is_counted() {
        let slow = Arc::new(Slow::default());
        let gate = Gate::new(slow.clone(), String::new(), 3);
        let ask = Ask::default();
        futures::future::join_all((0..10).map(|_| gate.page(&ask))).await;
        assert_eq!((slow.most.load(Ordering::SeqCst), ask.sent.load(Ordering::SeqCst)), (3, 10));
    }
}
