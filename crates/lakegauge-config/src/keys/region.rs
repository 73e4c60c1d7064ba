//! `region`: that of the S3 bucket.

use lakegauge_core::region;

use super::row::{OfTop, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// At the top level.
pub(super) const REGION: OfTop = OfTop {
    key: Key {
        name: "region",
        doc: "The region of the S3 bucket. Default: that of the environment, else the one the store reports.",
        schema: r#"{"type": "string"}"#,
        place: Place::Plain,
        examples: ["", "region: eu-west-2"],
    },
    read: Some(|top, _, node, reading| {
        top.config.region = scalar::text(node, "a region", reading.problems).map(str::to_owned);
        if let Some(Err(message)) = top.config.region.as_deref().map(region::check) {
            reading.wrong(node, message, region::FORM);
        }
    }),
    show: |config| Words::of(config.region.clone()),
};
