//! `lake`: where it is.

use super::row::{OfTop, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// At the top level.
pub(super) const LAKE: OfTop = OfTop {
    key: Key {
        name: "lake",
        doc: "Where the lake is: s3://bucket/prefix, gs://bucket/prefix, az://container/prefix, file:///path or a folder. Required.",
        schema: r#"{"type": "string", "examples": ["s3://acme-lake/refined"]}"#,
        place: Place::Plain,
        examples: ["lake: s3://acme-lake/raw", "lake: s3://acme-lake/refined"],
    },
    read: Some(|top, _, node, reading| {
        let Some(typed) = scalar::text(node, "the lake's address", reading.problems) else { return };
        (top.config.lake, top.has_lake) = (typed.to_owned(), true);
        if scalar::has_login(typed) {
            let hint = "remove the part before the `@`: credentials come from the environment or a profile";
            reading.wrong(node, "an address must not contain credentials", hint);
        }
    }),
    show: |config| Words::One(config.lake.clone()),
};
