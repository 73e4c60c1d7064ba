//! One run over one dataset: its reads are consistent, and its commits are written at its end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use lakegauge_core::delivery::{Deliveries, Orders};
use lakegauge_core::metric::Metric;
use lakegauge_core::record::Records;
use lakegauge_core::standing::{Change, Standing};
use lakegauge_engine::{Changes, History, HistoryError};

use super::journal::Entry;
use super::past::Past;
use super::recent::{Beside, PAST, RECENT, Recent};
use super::shelf::Shelf;
use super::splits::{add_raised, raised, set_raised, splits_on};

/// The history of one dataset for one run, from [`Documents::one_run`](super::Documents::one_run). It has no other
/// dataset.
#[derive(Debug)]
pub struct OneRun<B = ()> {
    shelf: Shelf,
    dataset: String,
    /// Where the dataset has its objects.
    place: Option<String>,
    recent: Recent<B>,
    work: Mutex<Work>,
}

/// The past as the run sees it, once it has been read, and the additions of the run.
#[derive(Debug, Default)]
struct Work {
    /// The number of the newest entry that had been merged into the past when it was read.
    folded: u64,
    past: Option<Past>,
    entries: Vec<Entry>,
    orders: Vec<Orders>,
}

/// What stands when a run has ended.
#[derive(Debug)]
pub struct Finished<B> {
    /// The data stored with the history.
    pub beside: B,
    /// What is to be handed out.
    pub deliveries: Deliveries,
}

impl<B: Beside> OneRun<B> {
    pub(super) fn new(
        shelf: Shelf,
        dataset: &str,
        place: Option<&str>,
        recent: Recent<B>,
        past: Option<Past>,
    ) -> OneRun<B> {
        let recent = recent.at(place);
        let (dataset, place) = (dataset.to_owned(), place.map(str::to_owned));
        let run = OneRun { shelf, dataset, place, recent, work: Mutex::default() };
        // A past that was read before the journal was merged into it lacks entries that the journal no longer has.
        if let Some(past) = past.filter(|past| past.folded >= run.recent.journal.folded) {
            run.begin(past);
        }
        run
    }

    /// The deliveries when the run began.
    pub fn deliveries(&self) -> &Deliveries {
        &self.recent.deliveries
    }

    /// The data stored with the history when the run began.
    pub fn beside(&self) -> &B {
        &self.recent.beside
    }

    /// Writes the run's commits, and the result of `change` on the data stored with them: both or neither. `change` may
    /// be called more than once. Returns what is stored then.
    ///
    /// # Errors
    /// [`HistoryError::Outrun`] if another run has written since this one began, because what both have seen must not
    /// be sent twice. Otherwise, if the store does not answer, or the document is damaged or newer than this program.
    pub async fn finish(&self, change: impl Fn(&B) -> B) -> Result<Finished<B>, HistoryError> {
        let (entries, orders, folded, now_raised) = {
            let work = self.work();
            let now_raised = work.past.as_ref().map(|past| past.standing().metrics());
            (work.entries.clone(), work.orders.clone(), work.folded, now_raised)
        };
        if let Some(now_raised) = &now_raised {
            add_raised(&self.shelf, &self.dataset, now_raised).await?;
        }
        let mut outrun = false;
        let write = |stands: &Recent<B>| {
            let stands = stands.at(self.place.as_deref());
            outrun = stands.journal.last != self.recent.journal.last;
            let next = || {
                let (journal, beside) = (stands.journal.with(&entries, folded), change(&stands.beside));
                let mut deliveries = stands.deliveries.clone();
                orders.iter().for_each(|orders| deliveries.record(orders));
                Recent { journal, beside, deliveries, ..stands }
            };
            (!outrun).then(next)
        };
        let recent = self.shelf.update(RECENT, &self.dataset, write).await?;
        if outrun {
            return Err(HistoryError::Outrun { place: self.shelf.shown(RECENT, &self.dataset) });
        }
        if let Some(now_raised) = &now_raised {
            set_raised(&self.shelf, &self.dataset, now_raised).await?;
        }
        if recent.journal.is_long() {
            self.fold().await?;
        }
        Ok(Finished { beside: recent.beside, deliveries: recent.deliveries })
    }

    /// Merges all that the run has read and written into the past. The next run removes those entries from the journal.
    pub(super) async fn fold(&self) -> Result<(), HistoryError> {
        let mut past = self.past().await?;
        past.folded = self.last();
        let newer = |stands: &Past| (stands.folded < past.folded).then(|| past.clone());
        self.shelf.update(PAST, &self.dataset, newer).await.map(drop)
    }

    /// The number of the newest entry that had been merged into the past when it was read.
    pub(super) async fn folded(&self) -> Result<u64, HistoryError> {
        self.past().await?;
        Ok(self.work().folded)
    }

    /// The number of the newest entry that the run has read or written.
    fn last(&self) -> u64 {
        let work = self.work();
        work.entries.last().map_or(self.recent.journal.last.max(work.folded), |entry| entry.number)
    }

    /// The past as the run sees it.
    pub(super) async fn past(&self) -> Result<Past, HistoryError> {
        if let Some(past) = &self.work().past {
            return Ok(past.clone());
        }
        let past: Past = self.shelf.read(PAST, &self.dataset).await?;
        Ok(self.begin(past))
    }

    fn begin(&self, stands: Past) -> Past {
        let folded = stands.folded;
        // This is the past of another place, or the past was lost: it lacks entries that the journal no longer has.
        let stands = if folded < self.recent.journal.folded { Past::default() } else { stands };
        let new = self.recent.journal.entries.iter().filter(|entry| entry.number > folded);
        let past = new.fold(stands, |past, entry| past.with(&entry.changes(), entry.at));
        *self.work() = Work { folded, past: Some(past.clone()), ..Work::default() };
        past
    }

    async fn past_of(&self, dataset: &str) -> Result<Past, HistoryError> {
        if dataset == self.dataset {
            return self.past().await;
        }
        let source = format!("this run is over `{}`", self.dataset).into();
        Err(HistoryError::Unusable { place: self.shelf.shown(RECENT, dataset), source })
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl<B: Beside> History for OneRun<B> {
    async fn splits(&self, dataset: &str) -> Result<Vec<String>, HistoryError> {
        splits_on(&self.shelf, dataset).await
    }

    async fn records(&self, dataset: &str, limit: usize) -> Result<Records, HistoryError> {
        Ok(self.past_of(dataset).await?.records(limit))
    }

    async fn last_run(&self, dataset: &str) -> Result<Option<Timestamp>, HistoryError> {
        Ok(self.past_of(dataset).await?.last_run)
    }

    async fn standing(&self, dataset: &str) -> Result<Standing, HistoryError> {
        Ok(self.past_of(dataset).await?.standing())
    }

    async fn changes(&self, dataset: &str, since: Option<Timestamp>) -> Result<Vec<Change>, HistoryError> {
        Ok(self.past_of(dataset).await?.changes(since))
    }

    async fn raised_in_splits(
        &self,
        dataset: &str,
    ) -> Result<BTreeMap<String, BTreeSet<Metric>>, HistoryError> {
        raised(&self.shelf, dataset).await
    }

    /// Keeps `changes` for [`OneRun::finish`]; later reads of this run include them.
    async fn commit(&self, dataset: &str, changes: &Changes, now: Timestamp) -> Result<(), HistoryError> {
        let past = self.past_of(dataset).await?;
        let entry = Entry::new(self.last() + 1, changes, now);
        let mut work = self.work();
        work.past = Some(past.with(changes, now));
        work.entries.push(entry);
        work.orders.extend(changes.orders.clone());
        Ok(())
    }
}
