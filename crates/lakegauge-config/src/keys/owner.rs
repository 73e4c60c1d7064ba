//! `owner`: who owns a dataset.

use super::row::{OfDataset, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// Of a dataset, or of all.
pub(super) const OWNER: OfDataset = OfDataset {
    key: Key {
        name: "owner",
        doc: "The owner of the dataset, shown with its alarms.",
        schema: r#"{"type": "string"}"#,
        place: Place::Plain,
        examples: ["owner: a", "owner: b"],
    },
    read: |settings, node, reading| {
        if let Some(owner) = scalar::text(node, "an owner", reading.problems) {
            settings.dataset.about.owner = Some(owner.to_owned());
        }
    },
    show: |dataset| Words::of(dataset.about.owner.clone()),
};
