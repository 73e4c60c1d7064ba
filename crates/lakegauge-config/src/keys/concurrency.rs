//! `concurrency`: how many requests are made at the same time.

use super::row::{OfTop, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// Without the key.
const DEFAULT: u32 = 16;

/// At the top level.
pub(super) const CONCURRENCY: OfTop = OfTop {
    key: Key {
        name: "concurrency",
        doc: "Maximum number of parallel requests. Default: 16.",
        schema: r#"{"type": "integer", "minimum": 1, "maximum": 512, "default": 16}"#,
        place: Place::Plain,
        examples: ["concurrency: 16", "concurrency: 17"],
    },
    read: Some(|top, _, node, reading| {
        top.config.concurrency = scalar::whole(node, "concurrency", 512, reading.problems);
    }),
    show: |config| Words::One(config.concurrency.unwrap_or(DEFAULT).to_string()),
};
