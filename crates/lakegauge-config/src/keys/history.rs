//! `history`: the file of the local history.

use super::row::{OfTop, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// At the top level.
pub(super) const HISTORY: OfTop = OfTop {
    key: Key {
        name: "history",
        doc: "The file of the local history, relative to the config. Default: .lakegauge/history.sqlite.",
        schema: r#"{"type": "string", "default": ".lakegauge/history.sqlite"}"#,
        place: Place::Plain,
        examples: ["", "history: /var/lib/lakegauge/history.sqlite"],
    },
    read: Some(|top, _, node, reading| {
        if let Some(text) = scalar::text(node, "the history's file", reading.problems) {
            top.config.history = text.to_owned();
        }
    }),
    show: |config| Words::One(config.history.clone()),
};
