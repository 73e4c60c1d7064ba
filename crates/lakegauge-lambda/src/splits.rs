//! The splits of a dataset that a call handles: those that the lake lists, and those in the state.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::scope::current;
use lakegauge_core::splits::{Listed, Remembered, ended_in_words, sorted};
use lakegauge_engine::{History as _, listed, remembered};

use crate::attend::Failed;
use crate::reach::Deployment;

/// How often the splits are read from the state. What a process has listed itself is known at once.
const ASKED: SignedDuration = SignedDuration::from_hours(1);

/// The splits known to a process, by dataset, with the newest partition of each, and when the state was read.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<BTreeMap<String, (Timestamp, Remembered)>>>);

impl Memory {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, (Timestamp, Remembered)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The known splits of a dataset, unless the state was read too long ago.
    fn of(&self, dataset: &str, now: Timestamp) -> Option<Remembered> {
        let known = self.lock();
        let (asked, known) = known.get(dataset)?;
        (SignedDuration::ZERO..ASKED).contains(&now.duration_since(*asked)).then(|| known.clone())
    }

    fn keep(&self, dataset: &str, now: Timestamp, known: Remembered) {
        self.lock().insert(dataset.to_owned(), (now, known));
    }

    /// Adds the splits that were just listed, each with its newest partition that is not in the future.
    fn add(&self, dataset: &Dataset, listed: &Listed, now: Timestamp) {
        let mut all = self.lock();
        let Some((_, known)) = all.get_mut(&dataset.name) else { return };
        let current = current(dataset, now);
        for (values, partitions) in &listed.splits {
            if let Some(newest) = partitions.range(..=current).next_back() {
                known.insert(values.clone(), *newest);
            }
        }
    }
}

/// The datasets or splits of one call.
pub(crate) struct Instances {
    /// The dataset, or its splits.
    pub(crate) datasets: Vec<Dataset>,
    /// Why there may be more of them.
    pub(crate) unseen: Option<Failed>,
}

impl Deployment {
    /// A dataset, or each of its splits. Splits that cannot be listed but are known are included.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub(crate) async fn instances(&self, dataset: &Dataset) -> Result<Instances, Failed> {
        if !dataset.is_split() {
            return Ok(Instances { datasets: vec![dataset.clone()], unseen: None });
        }
        let (name, now) = (dataset.name.as_str(), self.ports.clock.now());
        let (lake, state) = (self.ports.lake.as_ref(), self.ports.state());
        let failed = |source| Failed::State { dataset: name.to_owned(), source };
        let (listed, known) = match self.memory.of(name, now) {
            Some(known) => (listed(lake, dataset, known.is_empty()).await, known),
            None => {
                let names = state.splits(name).await.map_err(failed)?;
                let listed = listed(lake, dataset, names.is_empty()).await;
                let asked = remembered(&state, dataset, &names, &listed, now).await.map_err(failed)?;
                self.memory.keep(name, now, asked.clone());
                (listed, asked)
            }
        };
        self.memory.add(dataset, &listed, now);
        let splits = sorted(dataset, &listed.splits, &known, now);
        if let Some(note) = ended_in_words(&splits.ended) {
            tracing::info!(dataset = name, "{note}");
        }
        if splits.watched.is_empty() && listed.gaps.is_empty() {
            let path = dataset.layout.to_string();
            tracing::warn!(
                dataset = name,
                path,
                "No objects match. Paths are case-sensitive; check the spelling"
            );
        }
        let gaps: Vec<String> = listed.gaps.iter().map(ToString::to_string).collect();
        let unseen = Failed::Unseen { dataset: name.to_owned(), gaps: gaps.join("; ") };
        Ok(Instances { datasets: splits.watched, unseen: (!gaps.is_empty()).then_some(unseen) })
    }
}
