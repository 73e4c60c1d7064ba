//! What a replay found, as the program hands it on, and its JSON.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use lakegauge_chart::Span;
use lakegauge_core::backtest::{Backtest, DatasetResult};

use crate::show::document;

/// The JSON Schema of [`json`]'s output (draft 2020-12), as published.
pub(crate) const SCHEMA: &str = include_str!("../../../schema/backtest.schema.json");

/// What a replay found, and in which zones its datasets live.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// What was found.
    pub(crate) backtest: Backtest,
    /// The zone of each dataset; UTC where there is none.
    pub(crate) zones: BTreeMap<String, TimeZone>,
}

impl Found {
    pub(super) fn zone(&self, dataset: &str) -> TimeZone {
        self.zones.get(dataset).cloned().unwrap_or(TimeZone::UTC)
    }

    /// The window that was replayed.
    pub(super) fn span(&self) -> Span {
        Span { from: self.backtest.from, until: self.backtest.until }
    }

    /// The datasets that fired, those that did most often first, and those that did not.
    pub(super) fn loud_and_quiet(&self) -> (Vec<&DatasetResult>, Vec<&DatasetResult>) {
        let (mut loud, quiet): (Vec<_>, Vec<_>) =
            self.backtest.datasets.iter().partition(|dataset| fired(dataset) > 0);
        loud.sort_by_key(|dataset| Reverse(fired(dataset)));
        (loud, quiet)
    }

    /// Whether there are two configs.
    pub(super) fn is_double(&self) -> bool {
        self.backtest.configs.len() > 1
    }
}

/// How often the alarms of a dataset fired, under all configs.
pub(super) fn fired(dataset: &DatasetResult) -> usize {
    dataset.configs.iter().flatten().flat_map(|run| &run.alarms).map(|alarm| alarm.fired).sum()
}

/// The findings as JSON, indented, with a line break at its end.
pub(crate) fn json(found: &Found) -> String {
    document(&found.backtest)
}
