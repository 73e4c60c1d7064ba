//! One dataset's past, replayed.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::arrival::Arrival;
use super::fact::{Band, Due, Fact, Level, Verdict};
use super::slots::Slots;
use super::volume::{Opinion, Volume};
use crate::metric::{Metric, Unit};
use crate::partition::{Cadence, Partition};
use crate::quantity;

/// What has been learnt of one dataset. Its memory does not grow with the past.
#[derive(Clone, Debug)]
pub struct Series {
    zone: TimeZone,
    volumes: BTreeMap<Metric, Volume>,
    arrival: Arrival,
    slots: Slots,
}

impl Series {
    /// A series of which nothing is known.
    pub fn new(_cadence: Cadence, zone: TimeZone) -> Series {
        Series { zone, volumes: BTreeMap::new(), arrival: Arrival::default(), slots: Slots::default() }
    }

    /// By when `next` must have landed.
    pub fn due(&self, next: Partition) -> Due {
        if let Some(reason) = self.slots.unexpected(next) {
            return Due { at: None, reason };
        }
        match self.arrival.deadline(next) {
            Ok((lag, reason)) => {
                let at = next.start_in(&self.zone).checked_add(SignedDuration::from_secs(lag.ceil() as i64));
                Due { at: at.ok(), reason }
            }
            Err(reason) => Due { at: None, reason },
        }
    }

    /// What is expected of a metric of `next`; `None` while too little is known.
    pub fn expect(&self, next: Partition, metric: Metric) -> Option<Band> {
        Some(whole(metric, self.volumes.get(&metric)?.expect(next)?))
    }

    /// Judges a landed partition, then learns from it.
    pub fn judge(&mut self, fact: &Fact) -> Verdict {
        self.slots.note(fact.partition, true);
        if let Some(at) = fact.landed_at {
            let lag = at.duration_since(fact.partition.start_in(&self.zone)).as_secs_f64();
            self.arrival.note(fact.partition, lag);
        }
        let mut gravest: Option<Verdict> = None;
        for (metric, value) in &fact.metrics {
            let volume = self.volumes.entry(*metric).or_default();
            let expected = volume.expect(fact.partition).map(|band| whole(*metric, band));
            let opinion = volume.judge(fact.partition, *value, fact.bad);
            let verdict = verdict(*metric, *value, expected, &opinion);
            if gravest.as_ref().is_none_or(|g| verdict.level > g.level) {
                gravest = Some(verdict);
            }
        }
        gravest.unwrap_or(Verdict {
            level: Level::Ok,
            metric: Metric::TotalFileSize,
            observed: 0.0,
            expected: None,
            reason: "nothing was measured".to_owned(),
        })
    }

    /// Notes that nothing came for a partition.
    pub fn absent(&mut self, partition: Partition) {
        self.slots.note(partition, false);
    }
}

fn verdict(metric: Metric, observed: f64, expected: Option<Band>, opinion: &Opinion) -> Verdict {
    let amount = quantity::format(observed, metric.unit());
    let noun = match metric {
        Metric::ObjectCount => " objects",
        Metric::RowCount => " rows",
        _ => "",
    };
    let mut reason = format!("{amount}{noun} landed");
    if let Some(band) = &expected {
        let edge = |edge: Option<f64>| edge.map_or_else(String::new, |v| quantity::format(v, metric.unit()));
        reason.push_str(&format!("; {}–{} expected from {}", edge(band.low), edge(band.high), band.source));
        let middle = band.low.zip(band.high).map(|(low, high)| (low * high).sqrt());
        if let Some(middle) = middle.filter(|m| *m > 0.0 && opinion.level != Level::Ok) {
            let change = observed / middle - 1.0;
            let sign = if change < 0.0 { '−' } else { '+' };
            reason.push_str(&format!(" ({sign}{})", quantity::percent(change.abs())));
        }
    }
    if let Some(because) = opinion.because {
        reason.push_str(&format!(": {because}"));
    }
    Verdict { level: opinion.level, metric, observed, expected, reason }
}

/// A band of counts from the first to the last whole number in it: nobody lands 5.24 objects.
fn whole(metric: Metric, band: Band) -> Band {
    let (low, high) = (band.low.map(f64::ceil), band.high.map(f64::floor));
    let holds_one = low.zip(high).is_none_or(|(low, high)| low <= high);
    if metric.unit() == Unit::Count && holds_one { Band { low, high, ..band } } else { band }
}
