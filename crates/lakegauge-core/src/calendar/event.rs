//! One event: when it starts, how long it lasts, how it recurs.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, ToSpan};

use super::error::CalendarError;
use super::icalendar::{Component, Property};
use super::recurrence::Recurrence;
use super::stamp::{date_of, time_of};

/// Maximum length of an event. A longer one is a mistake, and would take years to expand.
const LONGEST_DAYS: i64 = 3_660;

/// What the times of an event are relative to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Frame {
    /// Dates: the same day everywhere.
    AllDay,
    /// Local times of the reader.
    Floating,
    /// Local times of a time zone.
    In(TimeZone),
}

/// The parts of a `VEVENT` that matter for days off.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) uid: String,
    pub(super) summary: String,
    pub(super) frame: Frame,
    /// Civil, so that a one-day event remains a day when the clocks change. DTEND is exclusive.
    pub(super) length: Span,
    pub(super) cancelled: bool,
    /// The instance of a recurring event that this one replaces (`RECURRENCE-ID`).
    pub(super) replaces: Option<DateTime>,
    start: DateTime,
    recurrence: Option<Recurrence>,
    added: BTreeSet<DateTime>,
    excepted: BTreeSet<DateTime>,
}

impl Event {
    pub(super) fn read(component: &Component) -> Result<Event, CalendarError> {
        let text = |name| component.get(name).map(|p| unescape(&p.value)).unwrap_or_default();
        let Some(dtstart) = component.get("DTSTART") else {
            let hint = "give the event a DTSTART, or remove it";
            return Err(CalendarError::at(component.line, "this event has no DTSTART", hint));
        };
        let (start, frame) = moment(dtstart, &dtstart.value)?;
        let summary = text("SUMMARY");
        Ok(Event {
            uid: text("UID"),
            summary: if summary.is_empty() { "an event".to_owned() } else { summary },
            length: length(component, start, &frame)?,
            cancelled: text("STATUS").eq_ignore_ascii_case("CANCELLED"),
            replaces: match component.get("RECURRENCE-ID") {
                Some(property) => Some(moment_in(property, &property.value, &frame)?),
                None => None,
            },
            recurrence: match component.get("RRULE") {
                Some(property) => Some(Recurrence::read(property)?),
                None => None,
            },
            added: moments(component, "RDATE", &frame)?,
            excepted: moments(component, "EXDATE", &frame)?,
            start,
            frame,
        })
    }

    /// The starts of all instances up to `horizon`, in the event's frame.
    pub(super) fn starts(&self, horizon: Date) -> Vec<DateTime> {
        let mut starts = self.added.clone();
        starts.insert(self.start);
        if let Some(recurrence) = &self.recurrence {
            let dates = recurrence.dates(self.start.date(), horizon);
            starts.extend(dates.into_iter().map(|date| date.to_datetime(self.start.time())));
        }
        // An EXDATE that is a plain date removes all instances of that day.
        let is_excepted = |start: &DateTime| {
            self.excepted.contains(start) || self.excepted.contains(&start.date().at(0, 0, 0, 0))
        };
        starts.into_iter().filter(|start| start.date() <= horizon && !is_excepted(start)).collect()
    }
}

fn length(component: &Component, start: DateTime, frame: &Frame) -> Result<Span, CalendarError> {
    let (property, span) = match (component.get("DTEND"), component.get("DURATION")) {
        (Some(property), _) => {
            let end = moment_in(property, &property.value, frame)?;
            if end < start {
                return Err(property.error("this event ends before it starts", "set DTEND after DTSTART"));
            }
            // Split into whole days and a remainder, so that days remain days when the clocks change.
            let span = start.until((jiff::Unit::Day, end)).map_err(|_| too_long(property))?;
            (property, span)
        }
        (None, Some(property)) => {
            let span: Span = property.value.trim().parse().map_err(|_| {
                let message = format!("`{}` is not a duration", property.value);
                property.error(message, "write it like `P1D` or `PT8H`")
            })?;
            (property, span)
        }
        (None, None) if *frame == Frame::AllDay => return Ok(1.day()),
        (None, None) => return Ok(Span::new()),
    };
    let days =
        span.total((jiff::Unit::Day, SpanRelativeTo::days_are_24_hours())).map_err(|_| too_long(property))?;
    if days < 0.0 {
        return Err(property.error("this event ends before it starts", "set DTEND after DTSTART"));
    }
    if days > LONGEST_DAYS as f64 {
        return Err(too_long(property));
    }
    // RFC 5545 requires an end after the start; some exporters write the same day for a one-day event.
    Ok(if *frame == Frame::AllDay && days < 1.0 { 1.day() } else { span })
}

fn too_long(property: &Property) -> CalendarError {
    property.error("this event lasts more than ten years", "check its DTSTART and DTEND")
}

/// All moments of the properties `name`: comma-separated, in any number of lines.
fn moments(component: &Component, name: &str, frame: &Frame) -> Result<BTreeSet<DateTime>, CalendarError> {
    let mut all = BTreeSet::new();
    for property in component.all(name) {
        for value in property.value.split(',') {
            // A period's start is what counts.
            let start = value.split('/').next().unwrap_or(value);
            all.insert(moment_in(property, start, frame)?);
        }
    }
    Ok(all)
}

/// A moment, converted to the frame of its event.
fn moment_in(property: &Property, value: &str, frame: &Frame) -> Result<DateTime, CalendarError> {
    let (at, own) = moment(property, value)?;
    Ok(match (own, frame) {
        (Frame::In(own), Frame::In(frame)) if own != *frame => {
            match own.to_ambiguous_timestamp(at).compatible() {
                Ok(instant) => instant.to_zoned(frame.clone()).datetime(),
                Err(_) => at,
            }
        }
        _ => at,
    })
}

/// A `DATE` or `DATE-TIME` value (RFC 5545, sections 3.3.4 and 3.3.5) and what it is relative to.
fn moment(property: &Property, value: &str) -> Result<(DateTime, Frame), CalendarError> {
    let value = value.trim();
    let wrong = || {
        let message = format!("`{value}` is not a date", value = value.chars().take(32).collect::<String>());
        property.error(message, "write it like `20261225` or `20261225T090000Z`")
    };
    let (date, time) = match value.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (value, None),
    };
    let date = date_of(date).ok_or_else(wrong)?;
    let Some(time) = time else { return Ok((date.at(0, 0, 0, 0), Frame::AllDay)) };
    let (time, is_utc) = match time.strip_suffix('Z') {
        Some(time) => (time, true),
        None => (time, false),
    };
    let at = date.to_datetime(time_of(time).ok_or_else(wrong)?);
    let frame = match property.param("TZID") {
        _ if is_utc => Frame::In(TimeZone::UTC),
        None => Frame::Floating,
        Some(name) => Frame::In(TimeZone::get(name.trim_start_matches('/')).map_err(|_| {
            let message = format!("no time zone is called `{name}`");
            property
                .error(message, "use a name of the IANA database like `Europe/London`, or an all-day event")
        })?),
    };
    Ok((at, frame))
}

/// RFC 5545, section 3.3.11.
fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.trim().chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(other) => plain.push(other),
                None => {}
            },
            c => plain.push(c),
        }
    }
    plain
}
