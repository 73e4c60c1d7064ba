//! `path`: how paths encode the partition.

use lakegauge_core::layout::Layout;

use super::row::{OfDataset, Words};
use crate::key::{Key, Place};
use crate::scalar;

/// Of a dataset, or of all.
pub(super) const PATH: OfDataset = OfDataset {
    key: Key {
        name: "path",
        doc: "How paths below the lake encode the partition: {date} {year} {month} {day} {hour} {week}, {date:%Y%m%d} for other formats, {*} for any other level, {name} for a key whose values are watched separately. Required.",
        schema: r#"{"type": "string", "examples": ["kpi/sales/date={date}/"]}"#,
        place: Place::Plain,
        examples: ["path: \"a/{date}/\"", "path: \"a/{date:%Y%m%d}/\""],
    },
    read: |settings, node, reading| {
        let Some(typed) = scalar::text(node, "a path", reading.problems) else { return };
        match Layout::parse(typed) {
            Ok(layout) => (settings.dataset.layout, settings.has_path) = (layout, true),
            Err(error) => reading.wrong_inside(node, typed, &error.at, error.message, error.hint),
        }
    },
    show: |dataset| Words::One(dataset.layout.to_string()),
};
