//! `alarms`: what is judged, by metric.

use super::row::{OfDataset, Words};
use crate::alarms;
use crate::key::{Key, Place};
use crate::words::rule_in_words;

/// Of a dataset, or of all.
pub(super) const ALARMS: OfDataset = OfDataset {
    key: Key {
        name: "alarms",
        doc: "The alarms by metric: `learned`, `off`, or limits. Default: `Missing`, `Late`, `Stale`, `Rejected`, `Shrunk`, `TotalFileSize`, `ObjectCount`, `EmptyObjects`, `MissingParts`, `Identical` and `Rewritten`.",
        schema: r##"{"$ref": "#/$defs/alarms"}"##,
        place: Place::Alarms,
        examples: ["", "alarms: { Late: off }"],
    },
    read: |settings, node, reading| {
        settings.dataset.rules = alarms::read(node, &settings.dataset.rules, reading.problems).into();
    },
    show: |dataset| {
        let named = dataset.rules.iter().map(|of| (of.metric.to_string(), rule_in_words(of)));
        Words::Named(named.collect())
    },
};
