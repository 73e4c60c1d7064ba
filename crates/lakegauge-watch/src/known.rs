//! The splits that a process knows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::scope::current;
use lakegauge_core::splits::{Listed, Remembered};

/// How often the splits are read from the state. What a process has listed itself is known at once.
const ASKED: SignedDuration = SignedDuration::from_hours(1);

/// The splits known to a process, by dataset, with the newest partition of each, and when the state was read.
#[derive(Clone, Debug, Default)]
pub struct Known(Arc<Mutex<BTreeMap<String, (Timestamp, Remembered)>>>);

impl Known {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, (Timestamp, Remembered)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The known splits of a dataset, unless the state was read too long ago.
    pub(crate) fn of(&self, dataset: &str, now: Timestamp) -> Option<Remembered> {
        let known = self.lock();
        let (asked, known) = known.get(dataset)?;
        (SignedDuration::ZERO..ASKED).contains(&now.duration_since(*asked)).then(|| known.clone())
    }

    pub(crate) fn keep(&self, dataset: &str, now: Timestamp, known: Remembered) {
        self.lock().insert(dataset.to_owned(), (now, known));
    }

    /// Adds the splits that were just listed, each with its newest partition that is not in the future.
    pub(crate) fn add(&self, dataset: &Dataset, listed: &Listed, now: Timestamp) {
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
