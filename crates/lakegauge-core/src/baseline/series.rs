//! One dataset's past, replayed.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::arrival::{Arrival, Expected};
use super::band::{Finding, LogBand};
use super::deadline::Deadline;
use super::fact::{Band, Due, Fact, Level, Said, Verdict};
use super::reason;
use super::rhythm::first;
use super::source::Source;
use super::temper::{Judged, gravest, temper};
use super::volume::Volume;
use crate::metric::{Metric, Unit};
use crate::partition::{Cadence, Partition};
use crate::record::Lesson;

/// What has been learned about one dataset: a replay of its facts in order of time.
///
/// Its memory does not grow with the past, and the same facts in the same order give the same bits. A fact about a
/// partition that is not newer than all before it (a backfill that was not sorted in) is judged, but not learned
/// from.
#[derive(Clone, Debug)]
pub struct Series {
    cadence: Cadence,
    zone: TimeZone,
    volumes: BTreeMap<Metric, Volume>,
    arrival: Arrival,
    newest: Option<i64>,
}

/// The reason for an unusual partition that a person called normal.
const ACCEPTED: &str = "accepted as normal";

/// On how many occasions, without a single partition, a weekday or an hour must have been seen to count as a rest.
const RESTED: u32 = 4;

impl Series {
    /// An empty series.
    pub fn new(cadence: Cadence, zone: TimeZone) -> Series {
        Series { cadence, zone, volumes: BTreeMap::new(), arrival: Arrival::new(cadence), newest: None }
    }

    /// How much time each of its partitions covers.
    pub fn cadence(&self) -> Cadence {
        self.cadence
    }

    pub(super) fn index(&self, partition: Partition) -> i64 {
        partition.periods_since(first(self.cadence))
    }

    pub(super) fn volume(&self, metric: Metric) -> Option<&Volume> {
        self.volumes.get(&metric)
    }

    pub(super) fn arrival(&self) -> &Arrival {
        &self.arrival
    }

    /// The time zone of its partitions.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// By when `next` must have landed.
    pub fn due(&self, next: Partition) -> Due {
        let deadline = self.deadline(next);
        Due { at: deadline.at, reason: deadline.reason() }
    }

    /// The same without the sentence: a replay asks for every partition of the past, and few are told.
    pub fn deadline(&self, next: Partition) -> Deadline {
        let expected = self.arrival.expect(self.index(next));
        let at = match &expected {
            Expected::By { deadline, .. } => self.instant(next, *deadline),
            _ => None,
        };
        let usual = match &expected {
            Expected::By { usual, .. } => self.instant(next, *usual),
            _ => None,
        };
        Deadline { at, expected, next, usual, zone: self.zone.clone() }
    }

    /// Why nothing is expected for `next`, whatever its due time: its weekday, its hour of the day or its hour of the
    /// week never came lately. If a calendar names the days (`days_named`), only hours of the day can rest.
    pub fn rests(&self, next: Partition, days_named: bool) -> Option<String> {
        let (presence, index) = (self.arrival.presence(), self.index(next));
        let (of_day, of_week) = match (days_named, self.cadence) {
            (false, _) => (Some(presence.of_day(index)), presence.of_week(index)),
            (true, Cadence::Hourly) => (Some(presence.of_day(index)), None),
            (true, _) => (None, None),
        };
        let came = [of_week, of_day].into_iter().flatten().find(|came| came.never(RESTED))?;
        Some(reason::due(&Expected::Seldom(came), next, None, &self.zone))
    }

    /// The instant `lag` hours of the local clock after the period's end: a feed that runs by the local clock stays
    /// on time across a clock change.
    pub(super) fn instant(&self, partition: Partition, lag: f64) -> Option<Timestamp> {
        let lag = SignedDuration::from_secs((lag * 3_600.0).ceil() as i64);
        let local = partition.next().start().checked_add(lag).ok()?;
        self.zone.to_ambiguous_timestamp(local).compatible().ok()
    }

    fn lag(&self, fact: &Fact) -> Option<f64> {
        let local = self.zone.to_datetime(fact.landed_at?);
        Some(local.duration_since(fact.partition.next().start()).as_secs_f64() / 3_600.0)
    }

    /// What is expected of a metric of `next`; `None` while too little is known.
    pub fn expect(&self, next: Partition, metric: Metric) -> Option<Band> {
        let volume = self.volumes.get(&metric)?;
        let band = self.log_band(volume, next)?;
        Some(self.band(metric, &band, volume, next))
    }

    /// The band on the log scale, moved by the effect of the day of the month.
    pub(super) fn log_band(&self, volume: &Volume, of: Partition) -> Option<LogBand> {
        let mut band = volume.band(self.index(of))?;
        band.effect = volume.month.effect(of).map_or(0.0, |(_, by, _)| by);
        Some(band)
    }

    fn band(&self, metric: Metric, band: &LogBand, volume: &Volume, of: Partition) -> Band {
        let source = Source::of_band(band, volume, self.index(of), of);
        let edge = |log: f64| Some((log + band.effect).exp());
        whole(metric, Band { low: edge(band.low), high: edge(band.high), source })
    }

    /// Judges a landed partition, then learns from it.
    pub fn judge(&mut self, fact: &Fact) -> Verdict {
        self.compare(fact).0
    }

    /// Like [`Series::judge`], but also returns the band of each metric from before the partition was learned.
    pub fn compare(&mut self, fact: &Fact) -> (Verdict, BTreeMap<Metric, Band>) {
        let index = self.index(fact.partition);
        let fresh = self.newest.is_none_or(|newest| index > newest);
        if fresh {
            self.newest = Some(index);
            self.arrival.landed(index, self.lag(fact));
        }
        let mut judged: Vec<Judged> = fact
            .metrics
            .iter()
            .filter(|(_, value)| value.is_finite())
            .map(|(metric, value)| self.hold(fact.partition, *metric, *value))
            .collect();
        temper(&mut judged);
        for j in &mut judged {
            let Some(volume) = self.volumes.get_mut(&j.metric) else { continue };
            j.finding = volume.settle_on(&j.seen());
            if !fresh {
                // A backfill that was not sorted in.
                volume.filled += u64::from(j.value > 0.0);
                continue;
            }
            let since = volume
                .continuing(j.is_low(), j.finding == Finding::Empty)
                .filter(|_| j.level().0 == Level::Alarm);
            j.continuing = since.map(|at| first(self.cadence).offset(at));
            volume.learn(&j.seen(), fact.lesson);
            if fact.lesson != Lesson::None {
                volume.month.see(fact.partition, j.value, j.band.as_ref(), j.finding);
            }
        }
        let bands = judged.iter().filter_map(|j| Some((j.metric, j.expected.clone()?))).collect();
        (verdict(&judged, fact.lesson), bands)
    }

    /// Compares a value with what was expected.
    fn hold(&mut self, partition: Partition, metric: Metric, value: f64) -> Judged {
        let index = self.index(partition);
        let cadence = self.cadence;
        self.volumes.entry(metric).or_insert_with(|| Volume::new(cadence, metric));
        let volume = self.volumes.get(&metric);
        let band = volume.and_then(|volume| self.log_band(volume, partition));
        let expected =
            band.as_ref().zip(volume).map(|(band, volume)| self.band(metric, band, volume, partition));
        Judged {
            partition,
            index,
            metric,
            value,
            expected,
            steady: volume.and_then(|volume| volume.steady(index)),
            last: volume.and_then(|volume| volume.last(index)),
            before: volume.map_or(0, |volume| volume.filled),
            finding: volume.map_or(Finding::Unknown, |volume| volume.compare(index, value, band.as_ref())),
            band,
            twice: None,
            continuing: None,
        }
    }

    /// Notes that nothing came for a partition.
    pub fn absent(&mut self, partition: Partition) {
        let index = self.index(partition);
        if self.newest.is_none_or(|newest| index > newest) {
            self.newest = Some(index);
            self.arrival.absent(index);
        }
    }
}

/// The verdict on a partition: that of its most serious metric.
fn verdict(judged: &[Judged], lesson: Lesson) -> Verdict {
    let mut all: Vec<Verdict> = judged.iter().map(|j| of_metric(j, lesson)).collect();
    let Some(at) = gravest(judged) else { return reason::nothing_measured() };
    let gravest = all.remove(at);
    Verdict { beside: all, ..gravest }
}

fn of_metric(judged: &Judged, lesson: Lesson) -> Verdict {
    let (found, because) = judged.level();
    let accepted = lesson == Lesson::Normal && found != Level::Ok;
    let because = match because {
        Some(because) if accepted => Some(format!("{because}, {ACCEPTED}")),
        None if accepted => Some(ACCEPTED.to_owned()),
        because => because,
    };
    let continuing = judged.continuing.filter(|_| !accepted);
    Verdict {
        level: if accepted { Level::Ok } else { found },
        metric: judged.metric,
        observed: judged.value,
        moved: judged.moved(accepted),
        settled: matches!(judged.finding, Finding::Held(_)),
        continuing,
        said: Some(Said { found, because, hours: 1.0 }),
        expected: judged.expected.clone(),
        beside: Vec::new(),
    }
}

/// A band of counts, narrowed to the whole numbers in it: there are never 5.24 objects. A band of sizes, widened to
/// whole bytes.
fn whole(metric: Metric, band: Band) -> Band {
    let (low, high) = match metric.unit() {
        Unit::Count => (band.low.map(f64::ceil), band.high.map(f64::floor)),
        Unit::Bytes => (band.low.map(f64::floor), band.high.map(f64::ceil)),
        _ => (band.low, band.high),
    };
    let holds_one = low.zip(high).is_none_or(|(low, high)| low <= high);
    if holds_one { Band { low, high, ..band } } else { band }
}
