//! `timezone`: the zone of partitions and due times.

use super::row::{OfDataset, OfTop, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// At the top level.
pub(super) const TOP: OfTop = OfTop {
    key: Key {
        name: "timezone",
        doc: "The time zone of partitions and due times. Default: UTC.",
        schema: r#"{"type": "string", "examples": ["Europe/London"], "default": "UTC"}"#,
        place: Place::Plain,
        examples: ["", "timezone: Europe/London"],
    },
    read: Some(|top, _, node, reading| {
        if let Some(zone) = scalar::zone(node, reading.problems) {
            top.of_datasets.dataset.zone = zone;
        }
    }),
    show: |_| Words::None,
};

/// Of a dataset, or of all.
pub(super) const DATASET: OfDataset = OfDataset {
    key: Key {
        name: "timezone",
        doc: "The time zone of partitions and due times. Default: the lake's.",
        schema: r#"{"type": "string"}"#,
        place: Place::Plain,
        examples: ["timezone: Europe/Paris", "timezone: Europe/London"],
    },
    read: |settings, node, reading| {
        if let Some(zone) = scalar::zone(node, reading.problems) {
            settings.dataset.zone = zone;
        }
    },
    show: |dataset| Words::One(dataset.zone.iana_name().unwrap_or("UTC").to_owned()),
};
