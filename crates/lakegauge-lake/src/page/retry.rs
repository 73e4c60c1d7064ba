//! Retries requests that may succeed a moment later.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use lakegauge_core::fingerprint::{STEP, splitmix};
use lakegauge_core::observation::GapKind;

use super::{Ask, Page, Pages};
use crate::error::StoreError;

/// How often and after which waits a request is retried: exponential backoff with full jitter, where the wait is drawn
/// from 0 to a maximum (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The number of tries, including the first; 1 never retries.
    pub tries: u32,
    /// Maximum first wait. It doubles with each try; after throttling it is four times as long.
    pub base: Duration,
    /// Maximum of all waits.
    pub cap: Duration,
    /// The seed of the jitter: the same seed gives the same waits.
    pub seed: u64,
}

impl Default for Backoff {
    /// Six tries within about ten seconds.
    fn default() -> Backoff {
        Backoff {
            tries: 6,
            base: Duration::from_millis(100),
            cap: Duration::from_secs(5),
            seed: 0x001a_6e9a_06e0,
        }
    }
}

impl Backoff {
    /// The maximum wait after try number `tried` (from 1).
    fn bound(&self, tried: u32, kind: GapKind) -> Duration {
        let base = if kind == GapKind::Throttled { self.base * 4 } else { self.base };
        base.saturating_mul(1u32.checked_shl(tried.saturating_sub(1)).unwrap_or(u32::MAX)).min(self.cap)
    }
}

/// Retries temporary failures.
#[derive(Debug)]
pub(crate) struct Retry<P> {
    inner: P,
    backoff: Backoff,
    draws: AtomicU64,
}

impl<P> Retry<P> {
    /// Retries the requests of `inner` according to `backoff`.
    pub(crate) fn new(inner: P, backoff: Backoff) -> Retry<P> {
        Retry { inner, backoff, draws: AtomicU64::new(backoff.seed) }
    }

    /// A wait of 0 to `bound`, from the next draw.
    fn jitter(&self, bound: Duration) -> Duration {
        let draw = splitmix(self.draws.fetch_add(STEP, Ordering::Relaxed));
        bound.mul_f64((draw >> 11) as f64 / (1u64 << 53) as f64)
    }
}

#[async_trait]
impl<P: Pages> Pages for Retry<P> {
    async fn page(&self, ask: &Ask) -> Result<Page, StoreError> {
        let mut tried = 1;
        loop {
            let error = match self.inner.page(ask).await {
                Err(error) if error.retry && tried < self.backoff.tries => error,
                Err(mut error) => {
                    if tried > 1 {
                        error.detail.push_str(&format!(", {tried} tries"));
                    }
                    return Err(error);
                }
                Ok(page) => return Ok(page),
            };
            let wait = self.jitter(self.backoff.bound(tried, error.kind));
            tracing::debug!(%error, tried, ?wait, "a request is repeated");
            tokio::time::sleep(wait).await;
            tried += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails a number of times before it succeeds.
    struct Flaky {
        left: AtomicU64,
        lasting: bool,
    }

    #[async_trait]
    impl Pages for Flaky {
        async fn page(&self, _ask: &Ask) -> Result<Page, StoreError> {
            let failed = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
            match failed {
                Ok(_) if self.lasting => Err(StoreError::lasting(GapKind::Denied, "p", "no")),
                Ok(_) => Err(StoreError::passing(GapKind::Throttled, "p", "slow down")),
                Err(_) => Ok(Page::default()),
            }
        }
    }

    async fn check(failures: u64, lasting: bool, expect: Result<(), &str>) {
        let quick = Backoff { base: Duration::from_micros(1), ..Backoff::default() };
        let retry = Retry::new(Flaky { left: AtomicU64::new(failures), lasting }, quick);
        let got = retry.page(&Ask::default()).await.map(|_| ()).map_err(|e| e.detail);
        assert_eq!(got, expect.map_err(str::to_owned), "{failures} failures");
    }

    #[tokio::test]
    async fn passing_failures_are_repeated_within_a_bound_and_lasting_ones_are_not() {
        check(0, false, Ok(())).await;
        check(5, false, Ok(())).await;
        check(6, false, Err("slow down, 6 tries")).await;
        check(1, true, Err("no")).await;
    }

    #[test]
    fn waits_double_up_to_the_cap_and_jitter_stays_within() {
        let backoff = Backoff::default();
        let bound = |tried, kind| backoff.bound(tried, kind).as_millis();
        assert_eq!((1..=3).map(|n| bound(n, GapKind::Unreachable)).collect::<Vec<_>>(), [100, 200, 400]);
        assert_eq!((bound(1, GapKind::Throttled), bound(64, GapKind::Unreachable)), (400, 5000));
        let draw = || {
            let retry = Retry::new((), backoff);
            (0..100).map(|_| retry.jitter(Duration::from_secs(1))).collect::<Vec<_>>()
        };
        let draws = draw();
        assert_eq!(draws, draw());
        assert!(draws.iter().all(|wait| *wait < Duration::from_secs(1)));
        assert!(draws.iter().max() > draws.iter().min());
    }
}
