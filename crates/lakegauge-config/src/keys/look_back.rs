//! `look_back`: how many recent partitions are checked again.

use super::row::{OfDataset, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// Of a dataset, or of all.
pub(super) const LOOK_BACK: OfDataset = OfDataset {
    key: Key {
        name: "look_back",
        doc: "How many recent partitions to check again for gaps, rewriting and deletion. Default: 3.",
        schema: r#"{"type": "integer", "minimum": 1, "maximum": 400, "default": 3}"#,
        place: Place::Plain,
        examples: ["", "look_back: 4"],
    },
    read: |settings, node, reading| {
        if let Some(partitions) = scalar::whole(node, "look_back", 400, reading.problems) {
            settings.dataset.look_back = partitions;
        }
    },
    show: |dataset| Words::One(dataset.look_back.to_string()),
};
