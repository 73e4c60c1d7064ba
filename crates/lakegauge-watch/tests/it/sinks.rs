//! Where values and runs go: they record, and sometimes fail.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use lakegauge_core::datum::Datum;
use lakegauge_core::remediation::{Evidence, RemedyRun};
use lakegauge_core::remedy::Remedy;
use lakegauge_engine::{NotRun, Refusal, Runner, Sink, Unsent};
use tokio::sync::Notify;

/// Records the values, and sometimes rejects them.
#[derive(Default)]
pub(crate) struct SimSink {
    pub(crate) taken: Mutex<Vec<Datum>>,
    pub(crate) busy: AtomicBool,
    /// Requests.
    pub(crate) requests: AtomicU64,
    /// Never answers: whoever sends to it is at its end.
    pub(crate) gone: AtomicBool,
    /// Told when somebody sends to it while it is gone.
    pub(crate) reached: Notify,
}

#[async_trait]
impl Sink for SimSink {
    async fn put(&self, data: &[Datum]) -> Result<(), Unsent> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        if self.gone.load(Ordering::SeqCst) {
            self.reached.notify_one();
            std::future::pending::<()>().await;
        }
        if self.busy.load(Ordering::SeqCst) {
            let why = Refusal::Throttled("Throttling: Rate exceeded".to_owned());
            return Err(Unsent::all(data.len(), &why));
        }
        self.taken.lock().unwrap().extend(data.iter().cloned());
        Ok(())
    }
}

/// Records the runs, and sometimes fails.
#[derive(Default)]
pub(crate) struct SimRunner {
    pub(crate) ran: Mutex<Vec<Evidence>>,
    pub(crate) failing: AtomicBool,
}

#[async_trait]
impl Runner for SimRunner {
    async fn run(&self, remedy: &Remedy, run: &RemedyRun) -> Result<(), NotRun> {
        assert_eq!(remedy.function.as_deref(), Some("arn:aws:lambda:eu-west-2:1:function:rerun"));
        // Lets other tasks run in between.
        tokio::task::yield_now().await;
        if self.failing.load(Ordering::SeqCst) {
            return Err(NotRun("simulated; it will be retried".to_owned()));
        }
        self.ran.lock().unwrap().push(run.evidence.clone());
        Ok(())
    }
}

impl SimRunner {
    pub(crate) fn ids(&self) -> Vec<String> {
        self.ran.lock().unwrap().iter().map(|evidence| evidence.id.clone()).collect()
    }
}
