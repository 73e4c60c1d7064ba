//! `notify`: at the top level the receivers, and at a dataset the names of those it notifies.

use lakegauge_core::written;

use super::row::{OfDataset, OfTop, Words};
use crate::key::{Key, Place};
use crate::receivers;

/// At the top level.
pub(super) const TOP: OfTop = OfTop {
    key: Key {
        name: "notify",
        doc: "The receivers by name. On AWS, SNS topics notify them; elsewhere this version sends no messages.",
        schema: r##"{"type": "object", "additionalProperties": {"$ref": "#/$defs/receiver"}}"##,
        place: Place::Receivers,
        examples: ["notify: { ops: { email: a@b.example } }", "notify: { ops: { email: c@b.example } }"],
    },
    read: Some(|top, key, node, reading| {
        (top.config.receivers, top.receivers) = receivers::read(key, node, reading)
    }),
    show: |config| {
        let named = config.receivers.iter().map(|receiver| (receiver.name.clone(), receiver.to.to_string()));
        Words::Named(named.collect())
    },
};

/// Of a dataset, or of all.
pub(super) const DATASET: OfDataset = OfDataset {
    key: Key {
        name: "notify",
        doc: "The receivers to notify. Default: on AWS, all of them.",
        schema: r#"{"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}"#,
        place: Place::Names,
        examples: ["notify: [a]", "notify: [a, b]"],
    },
    read: |settings, node, reading| {
        settings.dataset.notify = receivers::names(node, reading.names, reading.problems)
    },
    show: |dataset| {
        let names: Vec<String> = dataset.notify.iter().map(|name| written::flow(name)).collect();
        Words::of(Some(names.join(", ")).filter(|names| !names.is_empty()))
    },
};
