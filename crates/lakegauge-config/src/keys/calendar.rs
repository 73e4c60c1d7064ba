//! `calendar`: which days are expected.

use super::row::{OfDataset, OfTop, Words};
use crate::calendars;
use crate::key::{Key, Place};

/// At the top level.
pub(super) const TOP: OfTop = OfTop {
    key: Key {
        name: "calendar",
        doc: "Which days are expected: every-day, weekdays, month-ends, business-month-ends, an .ics file of days off, or a list of these. Default: every day but weekdays (or hours of the day) that never came the last four times.",
        schema: r##"{"anyOf": [{"$ref": "#/$defs/calendar"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/calendar"}}]}"##,
        place: Place::Plain,
        examples: ["calendar: [weekdays, a.ics]", "calendar: [weekdays, b.ics]"],
    },
    read: Some(|top, _, node, reading| {
        if let Some(calendar) = calendars::read(node, reading.around, reading.problems) {
            top.of_datasets.dataset.calendar = calendar;
        }
    }),
    show: |_| Words::None,
};

/// Of a dataset, or of all.
pub(super) const DATASET: OfDataset = OfDataset {
    key: Key {
        name: "calendar",
        doc: "Which days are expected, as at the top level. Default: the lake's.",
        schema: r##"{"anyOf": [{"$ref": "#/$defs/calendar"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/calendar"}}]}"##,
        place: Place::Plain,
        examples: ["calendar: weekdays", "calendar: [weekdays, month-ends]"],
    },
    read: |settings, node, reading| {
        if let Some(calendar) = calendars::read(node, reading.around, reading.problems) {
            settings.dataset.calendar = calendar;
        }
    },
    show: |dataset| Words::One(dataset.calendar.to_string()),
};
