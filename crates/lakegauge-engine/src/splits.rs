//! What a dataset consists of: itself, or its splits as the lake lists them and history remembers them.

use jiff::Timestamp;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::{Question, judge};
use lakegauge_core::name::Name;
use lakegauge_core::observation::{Gap, Observation};
use lakegauge_core::record::{Records, newest_came};
use lakegauge_core::scope::{Wanted, current, depth};
use lakegauge_core::splits::{DATES, DATES_AT_FIRST, Listed, Remembered, Splits, sorted};
use lakegauge_core::standing::Standing;

use crate::bug::guarded;
use crate::history::{History, HistoryError};
use crate::lake::{Lake, Scope};
use crate::pipeline::Outcome;

/// What is looked at for one dataset of the config.
#[derive(Clone, Debug, Default)]
pub struct Instances {
    /// The dataset itself, or its splits. If there are none, nothing matches its path, or nothing could be listed.
    pub splits: Splits,
    /// What could not be listed.
    pub gaps: Vec<Gap>,
}

/// Finds what a dataset consists of at `now`. What the lake does not show is a gap; splits that history remembers are
/// still watched.
///
/// # Errors
/// Only when history fails.
pub async fn instances(
    lake: &dyn Lake,
    history: &dyn History,
    dataset: &Dataset,
    now: Timestamp,
) -> Result<Instances, HistoryError> {
    if !dataset.is_split() {
        let watched = vec![dataset.clone()];
        return Ok(Instances { splits: Splits { watched, ..Splits::default() }, gaps: Vec::new() });
    }
    let known = history.splits(&dataset.name).await?;
    let listed = listed(lake, dataset, known.is_empty()).await;
    let remembered = remembered(history, dataset, &known, &listed, now).await?;
    Ok(Instances { splits: sorted(dataset, &listed.splits, &remembered, now), gaps: listed.gaps })
}

/// Lists a dataset's splits in the lake; `at_first` means that none is known yet.
pub async fn listed(lake: &dyn Lake, dataset: &Dataset, at_first: bool) -> Listed {
    let dates = if at_first { DATES_AT_FIRST } else { DATES };
    match guarded(lake.splits(dataset, dates)).await {
        Ok(listed) => listed,
        Err(bug) => Listed { gaps: vec![bug.gap(&dataset.name)], ..Listed::default() },
    }
}

/// The splits from `names`, those in the history, that are not in `listed`. A split without any data by `now` is left
/// out.
///
/// # Errors
/// When history fails.
pub async fn remembered(
    history: &dyn History,
    dataset: &Dataset,
    names: &[String],
    listed: &Listed,
    now: Timestamp,
) -> Result<Remembered, HistoryError> {
    let keys = dataset.layout.splits().len();
    let (current, limit) = (current(dataset, now), depth(dataset.layout.cadence()) as usize);
    let mut found = Remembered::new();
    for name in names {
        let Some(values) = Name::read(name).values(keys) else { continue };
        if listed.splits.contains_key(&values) {
            continue;
        }
        let records = history.records(name, limit).await?;
        found.extend(newest_came(&records, current).map(|newest| (values, newest)));
    }
    Ok(found)
}

/// The outcome for a dataset that cannot be looked at: that it was not seen, and why.
pub fn unseen(dataset: &Dataset, gaps: Vec<Gap>, wanted: &Wanted, now: Timestamp) -> Outcome {
    let observation = Observation { gaps, ..Observation::default() };
    let judgement = judge(&Question {
        dataset,
        records: &Records::new(),
        observation: &observation,
        standing: &Standing::default(),
        wanted,
        now,
    });
    Outcome { judgement, scope: Scope::Partitions(Vec::new()) }
}
