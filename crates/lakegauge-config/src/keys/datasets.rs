//! `defaults` and `datasets`: read last, because they need everything else.

use super::row::{OfTop, Words};
use crate::key::{Key, Place};

/// At the top level.
pub(super) const DEFAULTS: OfTop = OfTop {
    key: Key {
        name: "defaults",
        doc: "Keys of a dataset (except its path) that apply to every dataset that does not set them.",
        schema: r##"{"$ref": "#/$defs/defaults"}"##,
        place: Place::Dataset,
        examples: ["defaults: { owner: a }", "defaults: { owner: b }"],
    },
    read: None,
    show: |_| Words::None,
};

/// At the top level.
pub(super) const DATASETS: OfTop = OfTop {
    key: Key {
        name: "datasets",
        doc: "The datasets by name. Required.",
        schema: r##"{"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/dataset"}}"##,
        place: Place::Datasets,
        examples: ["", ""],
    },
    read: None,
    show: |_| Words::None,
};
