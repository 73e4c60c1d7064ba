//! `remediate`: what runs on AWS when an alarm fires.

use super::row::{OfDataset, Words};
use crate::key::{Key, Place};
use crate::remedies;
use crate::words::remedy_in_words;

/// Of a dataset, or of all.
pub(super) const REMEDIATE: OfDataset = OfDataset {
    key: Key {
        name: "remediate",
        doc: "What to run on AWS when an alarm of the dataset fires. Default: nothing.",
        schema: r##"{"$ref": "#/$defs/remediate"}"##,
        place: Place::Remedy,
        examples: ["", "remediate: { lambda: \"arn:aws:lambda:eu-west-2:1:function:rerun\" }"],
    },
    read: |settings, node, reading| settings.dataset.remedy = remedies::read(node, reading.problems),
    show: |dataset| Words::of(dataset.remedy.as_ref().map(remedy_in_words)),
};
