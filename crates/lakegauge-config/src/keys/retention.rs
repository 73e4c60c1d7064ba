//! `retention`: for how long the history keeps what it has seen.

use lakegauge_core::metric::Unit;

use super::row::{OfTop, Words};
use crate::key::{Key, Place};
use crate::scalar;
use crate::words::exact;

/// At the top level.
pub(super) const RETENTION: OfTop = OfTop {
    key: Key {
        name: "retention",
        doc: "For how long the history keeps what it has seen, in days such as `400d`; never less than what is learned from. On AWS, only what is learned from is kept. Default: 400d.",
        schema: r#"{"type": "string", "examples": ["400d", "730d"], "default": "400d"}"#,
        place: Place::Plain,
        examples: ["", "retention: 401d"],
    },
    read: Some(|top, _, node, reading| {
        if let Some(retention) = scalar::days(node, "retention", reading.problems) {
            (top.config.retention, top.of_datasets.dataset.retention) = (retention, retention);
        }
    }),
    show: |config| Words::One(exact(config.retention.as_secs_f64(), Unit::Seconds)),
};
