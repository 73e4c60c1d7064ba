//! Compares a partition with earlier ones: missing parts, a copy of an earlier partition, empty objects.

use jiff::tz::{AmbiguousOffset, TimeZone};

use super::past::{Day, Seldom, Slot, Timeline};
use crate::baseline::{Band, Lesson, Source};
use crate::dataset::Dataset;
use crate::foreign;
use crate::lifecycle::PartitionState;
use crate::measure::{Beside, value};
use crate::metric::Metric;
use crate::observation::PartitionLook;
use crate::partition::{Cadence, Partition};
use crate::quantity::{bytes, plural};
use crate::roster::{BACK, Call, KIN, Missing, missing, round, usual};

/// How many partitions back a copy is searched for.
const COPIES: usize = 35;
/// How many partitions show whether copies are usual.
const SAME: usize = 60;
/// How many partitions show how many empty objects are usual.
const EMPTY: usize = 30;
/// With fewer partitions, nothing counts as usual yet.
const LEAST: usize = 10;
/// How often something unusual must have come and gone to count as usual.
const TIMES: usize = 3;
/// How many days something unusual must last to count as usual.
const LASTED_DAYS: i32 = 14;

/// Compares a partition that was just placed with those before it.
pub(super) fn compare(dataset: &Dataset, timeline: &Timeline, slot: &mut Slot) {
    if slot.record.state != PartitionState::Landed {
        return;
    }
    let partition = slot.record.partition;
    let Lately { calls, same, empty } = Lately::before(timeline, partition);
    let roll = roll(dataset, timeline, slot, &calls);
    slot.beside = Beside { roll, twin: twin(timeline, slot) };
    if slot.beside.roll.is_some() {
        slot.bands.insert(Metric::MissingParts, missing_band(&calls, partition));
    }
    slot.bands.extend(band(partition, &same, false).map(|band| (Metric::Identical, band)));
    slot.bands.extend(band(partition, &empty, true).map(|band| (Metric::EmptyObjects, band)));
    slot.seldom = Seldom {
        same: day(dataset, slot, Metric::Identical),
        empty: day(dataset, slot, Metric::EmptyObjects),
    };
}

/// The slots before a partition that may be learned from, newest first.
fn past(timeline: &Timeline, partition: Partition) -> impl Iterator<Item = &Slot> {
    timeline.until(partition).filter(move |slot| slot.record.partition < partition && is_lesson(slot))
}

/// What the partitions before one show, newest first. It is gathered for each partition of a replay, so in one walk.
struct Lately<'a> {
    calls: Vec<&'a Call>,
    same: Vec<Day>,
    empty: Vec<Day>,
}

impl<'a> Lately<'a> {
    fn before(timeline: &'a Timeline, partition: Partition) -> Lately<'a> {
        let there = timeline.slots.len();
        let mut calls = Vec::with_capacity(BACK.min(there));
        let mut same = Vec::with_capacity(SAME.min(there));
        let mut empty = Vec::with_capacity(EMPTY.min(there));
        for slot in past(timeline, partition) {
            if calls.len() < BACK {
                calls.extend(&slot.beside.roll);
            }
            if same.len() < SAME {
                same.extend(slot.seldom.same);
            }
            if empty.len() < EMPTY {
                empty.extend(slot.seldom.empty);
            }
            if calls.len() >= BACK && same.len() >= SAME && empty.len() >= EMPTY {
                break;
            }
        }
        Lately { calls, same, empty }
    }
}

fn is_lesson(slot: &Slot) -> bool {
    slot.record.state == PartitionState::Landed && slot.record.lesson() != Lesson::None
}

fn roll(dataset: &Dataset, timeline: &Timeline, slot: &Slot, past: &[&Call]) -> Option<Call> {
    let record = &slot.record;
    let partition = record.partition;
    let mut call = Call::new(partition, record.look.as_ref()?.roster.as_ref()?);
    call.accepted = record.is_accepted();
    let same_kind = round(partition.cadence()).into_iter().flat_map(|round| {
        let before = (1..=KIN).filter_map(move |n| timeline.get(partition.offset(-n * round)));
        before.filter(|slot| is_lesson(slot)).filter_map(|slot| slot.beside.roll.as_ref())
    });
    let kin: Vec<&Call> = same_kind.collect();
    let roster = |of: Partition| timeline.get(of)?.record.look.as_ref()?.roster.as_ref();
    call.missing = missing(&call, past, &kin, roster);
    call.missing.retain(|part| !is_skipped_hour(&part.name, partition, &dataset.zone));
    Some(call)
}

/// Whether a part is named after an hour that the day does not have: `hour=02` when the clocks go forward.
fn is_skipped_hour(name: &str, day: Partition, zone: &TimeZone) -> bool {
    let digits = name.split(|c: char| !c.is_ascii_digit()).rfind(|digits| !digits.is_empty());
    let hour = digits.filter(|digits| digits.len() <= 2).and_then(|digits| digits.parse::<i8>().ok());
    let Some(hour) = hour.filter(|hour| day.cadence() == Cadence::Daily && (0..24).contains(hour)) else {
        return false;
    };
    let skipped = zone.to_ambiguous_timestamp(day.date().at(hour, 0, 0, 0)).offset();
    matches!(skipped, AmbiguousOffset::Gap { .. })
}

/// The newest earlier partition with the same content.
fn twin(timeline: &Timeline, slot: &Slot) -> Option<Partition> {
    let (partition, look) = (slot.record.partition, slot.record.look.as_ref()?);
    let before = timeline.until(partition).filter(|other| other.record.partition < partition).take(COPIES);
    let same = |other: &&Slot| other.record.look.as_ref().is_some_and(|before| look.is_copy_of(before));
    before.into_iter().find(same).map(|other| other.record.partition)
}

fn missing_band(calls: &[&Call], partition: Partition) -> Band {
    let most = usual(calls);
    let words = if most.is_some() { "as often for a while lately" } else { "those that always come" };
    let source = Source::said(partition, words);
    Band { low: None, high: Some(most.unwrap_or(0) as f64), source }
}

fn day(dataset: &Dataset, slot: &Slot, metric: Metric) -> Option<Day> {
    let value = value(metric, &slot.subject(None, &dataset.zone))?;
    let high = slot.bands.get(&metric).and_then(|band| band.high);
    let odd = high.is_some_and(|high| value > high) && !slot.record.is_accepted();
    Some(Day { partition: slot.record.partition, value, odd })
}

/// The highest usual value. Unusual days do not raise it, unless they have come and gone three times or have `lasted`
/// for two weeks.
fn band(of: Partition, days: &[Day], lasted: bool) -> Option<Band> {
    let ended = days.windows(2).filter(|pair| matches!(pair, [new, old] if old.odd && !new.odd)).count();
    let running = days.iter().take_while(|day| day.odd).count();
    let begun = days.get(running.wrapping_sub(1)).map(|day| day.partition);
    let newest = days.first().map(|day| day.partition);
    let lasts = begun.zip(newest).is_some_and(|(begun, newest)| {
        let since = newest.next().date().since(begun.date()).map_or(0, |span| span.get_days());
        lasted && since >= LASTED_DAYS && running >= TIMES
    });
    let taught = |(at, day): (usize, &Day)| {
        let usual = !day.odd || (at >= running && ended >= TIMES) || (at < running && lasts);
        usual.then_some(day.value)
    };
    let values = days.iter().enumerate().filter_map(taught);
    let (count, high) =
        values.fold((0, 0.0), |(count, high): (usize, f64), value| (count + 1, high.max(value)));
    let source = Source::most(of, count, high);
    (count >= LEAST).then_some(Band { low: None, high: Some(high), source })
}

/// The sentence for it, if there is something to report.
pub(super) fn sentence(timeline: &Timeline, slot: &Slot, metric: Metric) -> Option<String> {
    let look = slot.record.look.as_ref()?;
    let usual = |value: f64| {
        let high = slot.bands.get(&metric).and_then(|band| band.high);
        if high.is_some_and(|high| value <= high) { ", as is usual here" } else { "" }
    };
    match metric {
        Metric::MissingParts => {
            let call = slot.beside.roll.as_ref().filter(|call| !call.missing.is_empty())?;
            Some(format!("{}{}", absent(timeline, call), usual(call.missing.len() as f64)))
        }
        Metric::Identical => {
            let twin = slot.beside.twin?;
            let what = amount(look);
            Some(format!("identical to {twin}: the same {what}, to the byte{}", usual(1.0)))
        }
        Metric::EmptyObjects if look.empty_objects > 0 => {
            let empty = look.empty_objects;
            let verb = if empty == 1 { "is" } else { "are" };
            let objects = plural(look.objects, "object");
            let source = match slot.bands.get(&metric) {
                Some(Band { high: Some(0.0), source, .. }) => format!("; {source}"),
                _ => usual(empty as f64).to_owned(),
            };
            Some(format!("{empty} of {objects} {verb} empty{source}"))
        }
        _ => None,
    }
}

/// `1.2 MB in 4 objects`.
pub(super) fn amount(look: &PartitionLook) -> String {
    format!("{} in {}", bytes(look.bytes as f64), plural(look.objects, "object"))
}

/// The partition that raised the alarm that is still open.
pub(super) fn continuing(timeline: &Timeline, slot: &Slot, metric: Metric) -> Option<Partition> {
    let partition = slot.record.partition;
    match metric {
        Metric::MissingParts => {
            let missing = &slot.beside.roll.as_ref()?.missing;
            // Another missing part is another alarm.
            let news = missing.iter().any(|part| part.since == partition);
            missing.iter().map(|part| part.since).min().filter(|_| !news)
        }
        Metric::Identical | Metric::EmptyObjects => {
            let day =
                |slot: &Slot| if metric == Metric::Identical { slot.seldom.same } else { slot.seldom.empty };
            let days = past(timeline, partition).filter_map(day).take(SAME);
            days.take_while(|day| day.odd).last().map(|day| day.partition)
        }
        _ => None,
    }
}

/// Maximum number of parts named in a sentence.
const NAMED: usize = 5;

/// `region=latam is missing; there on 200 of 200 days`.
fn absent(timeline: &Timeline, call: &Call) -> String {
    let name = |part: &Missing| foreign::visible(part.name.trim_end_matches('/')).into_owned();
    let mut names: Vec<String> = call.missing.iter().take(NAMED).map(name).collect();
    if let Some(more) = call.missing.len().checked_sub(NAMED).filter(|more| *more > 0) {
        names.push(format!("{more} more"));
    }
    let last = names.pop().unwrap_or_default();
    let (names, verb) = match names.is_empty() {
        true => (last, "is"),
        false => (format!("{} and {last}", names.join(", ")), "are"),
    };
    let first = call.missing.iter().map(|part| part.since).min().unwrap_or(call.partition);
    let since = if first < call.partition { format!(" since {first}") } else { String::new() };
    let seldom = call.missing.iter().map(|part| presence(timeline, part)).min_by_key(|(came, of)| of - came);
    let (came, of) = seldom.unwrap_or_default();
    let days = match call.partition.cadence() {
        Cadence::Hourly => "hours",
        Cadence::Daily => "days",
        Cadence::Weekly => "weeks",
        Cadence::Monthly => "months",
    };
    let before = if since.is_empty() { "" } else { " before" };
    format!("{names} {verb} missing{since}; there on {came} of {of} {days}{before}")
}

/// On how many partitions a part was there, from its first one until it went missing, and out of how many.
fn presence(timeline: &Timeline, part: &Missing) -> (usize, usize) {
    let calls = past(timeline, part.since).filter_map(|slot| slot.beside.roll.as_ref());
    let there: Vec<bool> = calls.filter_map(|call| call.has(&part.name)).collect();
    let of = there.iter().rposition(|there| *there).map_or(0, |first| first + 1);
    (there.iter().filter(|there| **there).count(), of)
}

#[cfg(test)]
mod tests;
