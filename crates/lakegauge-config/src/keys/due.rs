//! `due`: when a partition must have landed.

use std::ops::Range;

use jiff::tz::TimeZone;
use lakegauge_core::due::Due;

use super::row::{OfDataset, Words};
use crate::key::{Key, Place};
use crate::problem::Problem;
use crate::reading::Reading;
use crate::scalar;

/// Of a dataset, or of all.
pub(super) const DUE: OfDataset = OfDataset {
    key: Key {
        name: "due",
        doc: "When a partition must have landed: `+1d 04:30` (the partition's day plus one, local time) or `+1h20m` (after the period starts). Default: learned.",
        schema: r#"{"type": "string", "examples": ["+1d 04:30", "+1h20m"]}"#,
        place: Place::Plain,
        examples: ["due: +1d 04:30", "due: +1d 04:30:01"],
    },
    read: |settings, node, reading| {
        let due = scalar::text(node, "a due time", reading.problems).and_then(|typed| {
            Due::parse(typed)
                .map_err(|error| reading.wrong_inside(node, typed, &error.at, error.message, error.hint))
                .ok()
        });
        (settings.dataset.due, settings.due_at) = (due, due.map(|_| node.span.clone()));
    },
    show: |dataset| Words::One(dataset.due.map_or_else(|| "learned".to_owned(), |due| due.to_string())),
};

/// Warns when the clocks of the zone skip the due time this year or next.
pub(crate) fn exists(due: Due, at: &Range<usize>, zone: &TimeZone, reading: &mut Reading<'_>) {
    let year = reading.around.now.to_zoned(zone.clone()).year();
    if let Some(day) = due.gaps(zone, year..=year.saturating_add(1)).first() {
        let zone = zone.iana_name().unwrap_or("its zone");
        let message = format!("this due time does not exist on {day} in {zone}: the clocks skip it");
        let hint = "on that day the deadline moves forward by the length of the gap; choose another time to avoid it";
        reading.problems.push(Problem::warning(at.clone(), message).hint(hint));
    }
}
