//! `landed_when`: how to tell that a partition is complete.

use lakegauge_core::dataset::LandedWhen;
use lakegauge_core::layout::{Layout, Marker};

use super::row::{OfDataset, Words};
use crate::key::{Key, Place};
use crate::reading::Reading;
use crate::scalar;
use crate::tree::Node;

/// Of a dataset, or of all.
pub(super) const LANDED_WHEN: OfDataset = OfDataset {
    key: Key {
        name: "landed_when",
        doc: "How to tell that a partition is complete: a marker's name, `root:NAME`, or `quiet 10m`. Default: inferred.",
        schema: r#"{"type": "string", "examples": ["_SUCCESS", "root:_SUCCESS", "quiet 10m"]}"#,
        place: Place::Plain,
        examples: ["landed_when: quiet 600s", "landed_when: quiet 601s"],
    },
    read: |settings, node, _| settings.landed_when = Some(node.clone()),
    show: |dataset| Words::One(dataset.landed_when.to_string()),
};

/// Reads the value together with the path.
pub(crate) fn resolve(node: &Node, layout: &Layout, reading: &mut Reading<'_>) -> Option<LandedWhen> {
    let typed = scalar::text(node, "landed_when", reading.problems)?;
    if typed == "delta" || typed == "iceberg" {
        let message = format!("`{typed}` is not supported by this version of lakegauge");
        let hint = "remove the key: a marker or a quiet period is then inferred from history";
        reading.wrong(node, message, hint);
        return None;
    }
    if let Some(length) = typed.strip_prefix("quiet").filter(|rest| rest.is_empty() || rest.starts_with(' '))
    {
        let Some(seconds) = scalar::seconds(length.trim()).filter(|s| *s >= 1.0) else {
            let message = format!("`{typed}` is not a valid quiet period");
            reading.wrong(node, message, "write `quiet 10m`");
            return None;
        };
        return Some(LandedWhen::Quiet { seconds: seconds as i64 });
    }
    if scalar::seconds(typed).is_some_and(|seconds| seconds >= 1.0) {
        let message = format!("`{typed}` is a duration, and a marker is the name of a file");
        reading.wrong(node, message, format!("write `quiet {typed}`"));
        return None;
    }
    match Marker::parse(typed, layout) {
        Ok(marker) => Some(LandedWhen::Marker(marker)),
        Err(error) => {
            reading.wrong_inside(node, typed, &error.at, error.message, error.hint);
            None
        }
    }
}
