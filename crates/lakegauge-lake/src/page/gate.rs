//! Bounds the requests that run at once, and counts them.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use tokio::sync::Semaphore;

use super::{Ask, Page, Pages};
use crate::error::StoreError;

/// Lets a bounded number of requests through at once, and counts every one.
#[derive(Debug)]
pub(crate) struct Gate<P> {
    inner: P,
    places: Semaphore,
}

impl<P> Gate<P> {
    /// A gate of `parallel` places (at least one).
    pub(crate) fn new(inner: P, parallel: usize) -> Gate<P> {
        Gate { inner, places: Semaphore::new(parallel.max(1)) }
    }
}

#[async_trait]
impl<P: Pages> Pages for Gate<P> {
    async fn page(&self, ask: &Ask) -> Result<Page, StoreError> {
        // The semaphore is never closed: an error cannot come, and without a permit the request goes on all the same.
        let _place = self.places.acquire().await.ok();
        ask.sent.fetch_add(1, Ordering::Relaxed);
        let started = tokio::time::Instant::now();
        let answer = self.inner.page(ask).await;
        let (prefix, took) = (&ask.prefix, started.elapsed());
        match &answer {
            Ok(page) => {
                let (objects, folders, more) = (page.len(), page.prefixes.len(), page.next.is_some());
                tracing::debug!(prefix, objects, folders, more, ?took, "a list request");
            }
            Err(error) => tracing::debug!(prefix, %error, ?took, "a list request failed"),
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

    #[tokio::test]
    async fn no_more_than_the_bound_run_at_once_and_each_is_counted() {
        let slow = Arc::new(Slow::default());
        let gate = Gate::new(slow.clone(), 3);
        let ask = Ask::default();
        futures::future::join_all((0..10).map(|_| gate.page(&ask))).await;
        assert_eq!((slow.most.load(Ordering::SeqCst), ask.sent.load(Ordering::SeqCst)), (3, 10));
    }
}
