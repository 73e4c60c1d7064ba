//! `namespace`: that of the metrics in CloudWatch.

use super::row::{OfTop, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// At the top level.
pub(super) const NAMESPACE: OfTop = OfTop {
    key: Key {
        name: "namespace",
        doc: "The CloudWatch namespace of the metrics. Default: Lakegauge.",
        schema: r#"{"type": "string", "default": "Lakegauge"}"#,
        place: Place::Plain,
        examples: ["", "namespace: Acme"],
    },
    read: Some(|top, _, node, reading| {
        if let Some(text) = scalar::text(node, "a namespace", reading.problems) {
            top.config.namespace = text.to_owned();
        }
    }),
    show: |config| Words::One(config.namespace.clone()),
};
