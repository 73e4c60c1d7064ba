//! A lake whose objects appear at their times, with a clock that can be set.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::observation::{Gap, GapKind, Neighbours, Observation};
use lakegauge_core::partition::Partition;
use lakegauge_core::splits::Listed;
use lakegauge_engine::{Clock, Lake, Look};
use lakegauge_story::StoryLake;

/// A clock that only moves when it is set; waiting sets it.
#[derive(Default)]
pub(crate) struct Hand(AtomicI64);

impl Hand {
    pub(crate) fn set(&self, at: Timestamp) {
        self.0.fetch_max(at.as_millisecond(), Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }

    async fn until(&self, at: Timestamp) {
        self.set(at);
    }
}

/// The lake of a story, listed as a real one, with counts of what was asked. It is as old as the clock.
pub(crate) struct SimLake {
    pub(crate) objects: StoryLake,
    real: Arc<dyn Lake>,
    clock: Arc<Hand>,
    /// Partitions that were listed.
    pub(crate) passes: AtomicU64,
    /// Looks, at any number of partitions.
    pub(crate) looks: AtomicU64,
    /// List requests.
    pub(crate) requests: AtomicU64,
    /// It answers nothing.
    pub(crate) blind: AtomicBool,
}

impl SimLake {
    pub(crate) fn new(clock: Arc<Hand>) -> SimLake {
        let objects = StoryLake::new();
        SimLake {
            real: objects.lake(),
            objects,
            clock,
            passes: AtomicU64::default(),
            looks: AtomicU64::default(),
            requests: AtomicU64::default(),
            blind: AtomicBool::default(),
        }
    }

    /// Forgets the counts.
    pub(crate) fn reset(&self) {
        for count in [&self.passes, &self.looks, &self.requests] {
            count.store(0, Ordering::SeqCst);
        }
    }

    fn answers(&self) -> bool {
        self.objects.goes_on_to(self.clock.now());
        !self.blind.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Lake for SimLake {
    async fn observe(&self, look: Look<'_>) -> Observation {
        self.looks.fetch_add(1, Ordering::SeqCst);
        if !self.answers() {
            return Observation { gaps: vec![denied()], ..Observation::default() };
        }
        let seen = self.real.observe(look).await;
        self.passes.fetch_add((seen.partitions.len() + seen.absent.len()) as u64, Ordering::SeqCst);
        self.requests.fetch_add(seen.list_requests, Ordering::SeqCst);
        seen
    }

    async fn splits(&self, dataset: &Dataset, dates: usize) -> Listed {
        match self.answers() {
            true => self.real.splits(dataset, dates).await,
            false => Listed { gaps: vec![denied()], ..Listed::default() },
        }
    }

    async fn neighbours(&self, look: Look<'_>, partition: Partition) -> Neighbours {
        match self.answers() {
            true => self.real.neighbours(look, partition).await,
            false => Neighbours::default(),
        }
    }
}

fn denied() -> Gap {
    Gap { kind: GapKind::Denied, place: "s3://acme-lake/".to_owned(), detail: "simulated".to_owned() }
}
