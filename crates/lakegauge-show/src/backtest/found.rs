//! The findings of a replay, and their JSON.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use lakegauge_chart::Span;
use lakegauge_replay::{Backtest, DatasetResult};

use crate::document;

/// The JSON Schema of [`json`]'s output (draft 2020-12), as published.
pub const SCHEMA: &str = include_str!("../../schema/backtest.schema.json");

/// The findings of a replay, and the time zones of its datasets.
#[derive(Clone, Debug)]
pub struct Found {
    /// What was found.
    pub backtest: Backtest,
    /// The zone of each dataset; UTC where there is none.
    pub zones: BTreeMap<String, TimeZone>,
}

impl Found {
    pub(super) fn zone(&self, dataset: &str) -> TimeZone {
        self.zones.get(dataset).cloned().unwrap_or(TimeZone::UTC)
    }

    /// The window that was replayed.
    pub(super) fn span(&self) -> Span {
        Span { from: self.backtest.from, until: self.backtest.until }
    }

    /// The datasets with alarms, most alarms first, and those without.
    pub(super) fn loud_and_quiet(&self) -> (Vec<&DatasetResult>, Vec<&DatasetResult>) {
        let (mut loud, quiet): (Vec<_>, Vec<_>) =
            self.backtest.datasets.iter().partition(|dataset| fired(dataset) > 0);
        loud.sort_by_key(|dataset| Reverse(fired(dataset)));
        (loud, quiet)
    }

    /// Whether two configs are compared.
    pub(super) fn is_double(&self) -> bool {
        self.backtest.configs.len() > 1
    }
}

/// How many alarms of a dataset fired, under all configs.
pub(super) fn fired(dataset: &DatasetResult) -> usize {
    dataset.configs.iter().flatten().flat_map(|run| &run.alarms).map(|alarm| alarm.fired).sum()
}

/// The findings as indented JSON, with a line break at the end.
pub fn json(found: &Found) -> String {
    document(&found.backtest)
}
