//! `runbook`: what to do about an alarm.

use super::row::{OfDataset, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// Of a dataset, or of all.
pub(super) const RUNBOOK: OfDataset = OfDataset {
    key: Key {
        name: "runbook",
        doc: "A link to what to do about an alarm.",
        schema: r#"{"type": "string", "format": "uri", "pattern": "^https?://"}"#,
        place: Place::Plain,
        examples: ["runbook: https://wiki/a", "runbook: https://wiki/b"],
    },
    read: |settings, node, reading| {
        if let Some(url) = scalar::http_url(node, "a runbook", reading.problems) {
            settings.dataset.about.runbook = Some(url);
        }
    },
    show: |dataset| Words::of(dataset.about.runbook.clone()),
};
