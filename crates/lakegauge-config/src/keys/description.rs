//! `description`: for humans.

use super::row::{OfDataset, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// Of a dataset, or of all.
pub(super) const DESCRIPTION: OfDataset = OfDataset {
    key: Key {
        name: "description",
        doc: "A description for humans.",
        schema: r#"{"type": "string"}"#,
        place: Place::Plain,
        examples: ["description: a", "description: b"],
    },
    read: |settings, node, reading| {
        if let Some(text) = scalar::text(node, "a description", reading.problems) {
            settings.dataset.description = Some(text.to_owned());
        }
    },
    show: |dataset| {
        // Line breaks belong to the file, not to the meaning.
        let on_one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Words::of(dataset.description.as_ref().map(on_one_line))
    },
};
