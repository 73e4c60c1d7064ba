//! How long a dataset has been silent, compared with its longest silence so far.
//!
//! The last resort for a dataset without a deadline: a feed that has died must not stay healthy because its landing
//! times varied too much to learn from.

use jiff::{SignedDuration, Timestamp};

use super::past::{Slot, Timeline};
use crate::dataset::Dataset;
use crate::observation::PartitionLook;
use crate::partition::{Cadence, Partition};

/// How much longer than the longest pause a silence may be, in halves of a period.
const SLACK_HALVES: i64 = 3;
/// How many days of history, and how many periods, a pause needs to be judged: a weekend must have been seen.
const ENOUGH_DAYS: i64 = 10;
const ENOUGH_PERIODS: i64 = 6;
/// How many arrivals a pause needs to be judged.
const ENOUGH_ARRIVALS: usize = 5;

/// A silence, compared with earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The newest partition with any data.
    pub newest: Partition,
    /// When something new last came.
    pub since: Timestamp,
    /// The longest time between two arrivals so far.
    pub longest: SignedDuration,
    /// The time that history covers.
    pub history: SignedDuration,
    /// From when on the silence is too long.
    pub stale_at: Timestamp,
}

/// Something new came: when, and the newest partition by then.
#[derive(Clone, Copy)]
struct Arrival {
    at: Timestamp,
    partition: Partition,
    copied: bool,
}

impl Timeline {
    /// The silence since the newest partition came; `None` while history is too short to say what is long.
    pub fn pause(&self, dataset: &Dataset, now: Timestamp) -> Option<Pause> {
        let arrivals = self.arrivals(now);
        let (first, last) = (arrivals.first()?, arrivals.last()?);
        let period = last.partition.cadence().nominal_seconds();
        let history = SignedDuration::from_secs(
            last.at
                .duration_since(first.at)
                .as_secs()
                .max(last.partition.periods_since(first.partition) * period),
        );
        let enough = (ENOUGH_DAYS * Cadence::Daily.nominal_seconds()).max(ENOUGH_PERIODS * period);
        if arrivals.len() < ENOUGH_ARRIVALS || history.as_secs() < enough {
            return None;
        }
        let gaps = arrivals.windows(2).filter_map(|pair| match pair {
            // Copies show only which periods there were.
            [a, b] if a.copied || b.copied => {
                Some(SignedDuration::from_secs(b.partition.periods_since(a.partition) * period))
            }
            [a, b] => Some(b.at.duration_since(a.at)),
            _ => None,
        });
        let longest = gaps.max()?;
        let slack =
            SignedDuration::from_secs(period * SLACK_HALVES / 2 + self.days_off(dataset, last.partition));
        let stale_at = last.at.checked_add(longest.saturating_add(slack)).unwrap_or(Timestamp::MAX);
        Some(Pause { newest: last.partition, since: last.at, longest, history, stale_at })
    }

    /// The silence, if it is longer than ever before and nothing else will report it: no partition since the newest
    /// one has a deadline.
    pub fn stale(&self, dataset: &Dataset, now: Timestamp) -> Option<Pause> {
        let pause = self.pause(dataset, now).filter(|pause| now > pause.stale_at)?;
        let awaited = |slot: &Slot| slot.record.partition > pause.newest && slot.owed.at.is_some();
        let (_, next) = self.next();
        let other = next.at.is_some() || self.begun().any(|(_, slot)| awaited(slot));
        (!other).then_some(pause)
    }

    /// The newest partition with any data.
    pub(super) fn newest_arrival(&self) -> Option<Partition> {
        self.begun().rev().find_map(|(_, slot)| arrival(slot)).map(|arrival| arrival.partition)
    }

    /// Every arrival of a partition that was newer than all before it, in order of time.
    fn arrivals(&self, now: Timestamp) -> Vec<Arrival> {
        let mut all: Vec<Arrival> = self.begun().filter_map(|(_, slot)| arrival(slot)).collect();
        all.sort_by_key(|arrival| (arrival.at, arrival.partition));
        let mut newest: Option<Partition> = None;
        all.retain(|arrival| {
            let news = newest.is_none_or(|newest| arrival.partition > newest);
            newest = newest.max(Some(arrival.partition));
            news
        });
        // A partition that is written for a month counts as new with each write.
        let written = newest.and_then(|newest| self.get(newest)?.record.look.as_ref()?.last_write);
        if let (Some(last), Some(written)) = (all.last_mut(), written) {
            last.at = last.at.max(written).min(now.max(last.at));
        }
        all
    }

    /// Total length, in seconds, of the periods after `newest`, up to the current one, that the calendar leaves out.
    fn days_off(&self, dataset: &Dataset, newest: Partition) -> i64 {
        let off = |(partition, _): &(&Partition, &Slot)| {
            **partition > newest && !dataset.calendar.expected(**partition, &dataset.zone).expected
        };
        let period = newest.cadence().nominal_seconds();
        self.begun().rev().take_while(|(partition, _)| **partition > newest).filter(off).count() as i64
            * period
    }
}

fn arrival(slot: &Slot) -> Option<Arrival> {
    let record = &slot.record;
    let written = record.look.as_ref().and_then(PartitionLook::written);
    let at = record.landed_at.or_else(|| written.filter(|at| !slot.window.is_foreign(*at)))?;
    let copied = !record.arrival_known;
    // All of a copy came at once, so its periods are ordered by their own time.
    let at = if copied { at.min(slot.window.ends) } else { at };
    Some(Arrival { at, partition: record.partition, copied })
}
