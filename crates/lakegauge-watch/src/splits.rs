//! The splits of a dataset that a call handles: those that the lake lists, and those in the state.

use lakegauge_core::dataset::Dataset;
use lakegauge_core::splits::{ended_in_words, sorted};
use lakegauge_engine::{Changes, listed, remembered};

use crate::watcher::{Failed, Watcher};

/// The datasets or splits of one call.
#[derive(Debug)]
pub(crate) struct Instances {
    /// The dataset, or its splits.
    pub(crate) datasets: Vec<Dataset>,
    /// Why there may be more of them.
    pub(crate) unseen: Option<Failed>,
}

impl Watcher {
    /// A dataset, or each of its splits. Splits that cannot be listed but are known are included.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub(crate) async fn instances(&self, dataset: &Dataset) -> Result<Instances, Failed> {
        if !dataset.is_split() {
            return Ok(Instances { datasets: vec![dataset.clone()], unseen: None });
        }
        let (name, now) = (dataset.name.as_str(), self.now());
        let (lake, history) = (self.lake.as_ref(), self.book.history());
        let (listed, known) = match self.known.of(name, now) {
            Some(known) => (listed(lake, dataset, known.is_empty()).await, known),
            None => {
                let names = history.splits(name).await.map_err(Failed::state(name))?;
                let listed = listed(lake, dataset, names.is_empty()).await;
                let asked = remembered(history, dataset, &names, &listed, now).await;
                let asked = asked.map_err(Failed::state(name))?;
                self.known.keep(name, now, asked.clone());
                (listed, asked)
            }
        };
        self.known.add(dataset, &listed, now);
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
        Ok(Instances { datasets: splits.watched, unseen: Failed::unseen(name, &listed.gaps) })
    }

    /// Ends the alarms of splits that are no longer watched.
    ///
    /// # Errors
    /// If the state cannot be read or written.
    pub(crate) async fn only(&self, dataset: &Dataset, splits: &[Dataset]) -> Result<(), Failed> {
        let (history, now) = (self.book.history(), self.now());
        let ended = async {
            let raised = history.raised_in_splits(&dataset.name).await?;
            for name in raised.keys().filter(|name| !splits.iter().any(|split| split.name == **name)) {
                let (standing, changes) = history.standing(name).await?.ended(now);
                let changes = Changes { standing: Some(standing), changes, ..Changes::default() };
                history.commit(name, &changes, now).await?;
            }
            Ok(())
        };
        ended.await.map_err(Failed::state(&dataset.name))
    }
}
