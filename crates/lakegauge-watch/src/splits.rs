//! The splits of a dataset that a call handles: those that the lake lists, and those in the state.

use lakegauge_core::dataset::Dataset;
use lakegauge_core::splits::{ended_in_words, sorted};
use lakegauge_engine::{History as _, listed, remembered};

use crate::attend::Failed;
use crate::reach::Deployment;

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
