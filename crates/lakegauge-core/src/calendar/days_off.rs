//! The days off in an iCalendar file.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::error::CalendarError;
use super::event::{Event, Frame};
use super::icalendar;

/// Recurrences are expanded up to this date.
const HORIZON: Date = Date::constant(2100, 12, 31);

/// Every day off of one file, expanded.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DaysOff {
    name: String,
    /// Days that are the same in every time zone.
    days: BTreeMap<Date, String>,
    /// Instants that fall on different days in different time zones, by their start.
    spans: Vec<Span>,
    /// The length of the longest span, to bound the search.
    longest: jiff::SignedDuration,
}

#[derive(Clone, Debug, PartialEq)]
struct Span {
    start: Timestamp,
    end: Timestamp,
    summary: String,
}

impl DaysOff {
    pub(super) fn read(name: &str, text: &str) -> Result<DaysOff, CalendarError> {
        let components = icalendar::events(text)?;
        let events: Vec<Event> = components.iter().map(Event::read).collect::<Result<_, _>>()?;
        let mut off = DaysOff {
            name: name.to_owned(),
            days: BTreeMap::new(),
            spans: Vec::new(),
            longest: jiff::SignedDuration::ZERO,
        };
        let replaced = replaced(&events);
        for event in events.iter().filter(|event| !event.cancelled) {
            off.add(event, &replaced);
        }
        off.spans.sort_by_key(|span| span.start);
        Ok(off)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The name of the event that takes `day` off in `zone`.
    pub(super) fn on(&self, day: Date, zone: &TimeZone) -> Option<&str> {
        if let Some(summary) = self.days.get(&day) {
            return Some(summary);
        }
        if self.spans.is_empty() {
            return None;
        }
        let midnight = |day: Date| zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().ok();
        let (from, until) = (midnight(day)?, midnight(day.tomorrow().ok()?)?);
        let earliest = from.saturating_sub(self.longest).unwrap_or(Timestamp::MIN);
        let first = self.spans.partition_point(|span| span.start < earliest);
        self.spans
            .iter()
            .skip(first)
            .take_while(|span| span.start < until)
            // An event without a length takes its whole day off.
            .find(|span| span.end > from || span.start >= from)
            .map(|span| span.summary.as_str())
    }

    /// Every day off. For an event at a time of day, the day in UTC on which it begins.
    pub(super) fn days(&self) -> BTreeSet<Date> {
        let begins = |span: &Span| TimeZone::UTC.to_datetime(span.start).date();
        self.days.keys().copied().chain(self.spans.iter().map(begins)).collect()
    }

    fn add(&mut self, event: &Event, replaced: &HashMap<&str, HashSet<DateTime>>) {
        let replaced = replaced.get(event.uid.as_str()).filter(|_| event.replaces.is_none());
        for start in event.starts(HORIZON) {
            if replaced.is_some_and(|starts| starts.contains(&start)) {
                continue;
            }
            let end = start.saturating_add(event.length);
            match &event.frame {
                Frame::AllDay | Frame::Floating => {
                    // The end is exclusive, but an event without a length takes its day off.
                    let last = end.saturating_sub(1.nanosecond()).max(start).date();
                    for day in start.date().series(1.day()).take_while(|day| *day <= last) {
                        self.days.entry(day).or_insert_with(|| event.summary.clone());
                    }
                }
                Frame::In(zone) => {
                    let instant = |at: DateTime| zone.to_ambiguous_timestamp(at).compatible().ok();
                    let (Some(start), Some(end)) = (instant(start), instant(end)) else { continue };
                    self.longest = self.longest.max(end.duration_since(start));
                    self.spans.push(Span { start, end, summary: event.summary.clone() });
                }
            }
        }
    }
}

/// The instances, by UID, that an event with a `RECURRENCE-ID` replaces.
fn replaced(events: &[Event]) -> HashMap<&str, HashSet<DateTime>> {
    let mut replaced: HashMap<&str, HashSet<DateTime>> = HashMap::new();
    for event in events {
        if let Some(start) = event.replaces {
            replaced.entry(&event.uid).or_default().insert(start);
        }
    }
    replaced
}
