//! `endpoint_url`: the address of an S3-compatible store.

use super::row::{OfTop, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// At the top level.
pub(super) const ENDPOINT_URL: OfTop = OfTop {
    key: Key {
        name: "endpoint_url",
        doc: "The address of an S3-compatible store; --endpoint-url overrides it.",
        schema: r#"{"type": "string", "format": "uri"}"#,
        place: Place::Plain,
        examples: ["endpoint_url: http://one:9000", "endpoint_url: http://two:9000"],
    },
    read: Some(|top, _, node, reading| {
        top.config.endpoint_url = scalar::http_url(node, "an endpoint", reading.problems)
    }),
    show: |config| Words::of(config.endpoint_url.clone()),
};
