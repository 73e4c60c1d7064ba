//! What history expects (first version).
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::metric::Metric;
use crate::partition::{Cadence, Partition};

/// A fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// partition
    pub partition: Partition,
    /// landed
    pub landed_at: Option<Timestamp>,
    /// metrics
    pub metrics: BTreeMap<Metric, f64>,
    /// bad
    pub bad: bool,
}
/// level
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// ok
    Ok,
    /// notice
    Notice,
    /// alarm
    Alarm,
}
/// band
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// low
    pub low: Option<f64>,
    /// high
    pub high: Option<f64>,
    /// source
    pub source: String,
}
/// verdict
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// level
    pub level: Level,
    /// metric
    pub metric: Metric,
    /// observed
    pub observed: f64,
    /// reason
    pub reason: String,
}
/// due
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// at
    pub at: Option<Timestamp>,
    /// reason
    pub reason: String,
}
/// series
#[derive(Clone, Debug)]
pub struct Series {
    cadence: Cadence,
    zone: TimeZone,
    lags: Vec<f64>,
    past: BTreeMap<Metric, Vec<f64>>,
}
impl Series {
    /// new
    pub fn new(cadence: Cadence, zone: TimeZone) -> Series {
        Series { cadence, zone, lags: vec![], past: BTreeMap::new() }
    }
    /// due
    pub fn due(&self, p: Partition) -> Due {
        if self.lags.len() < 5 {
            return Due { at: None, reason: "too few landings to learn a deadline from".into() };
        }
        let mut v: Vec<f64> = self.lags.iter().rev().take(30).copied().collect();
        v.sort_by(f64::total_cmp);
        let q = v[v.len() * 9 / 10];
        let at = p.end_in(&self.zone).saturating_add(SignedDuration::from_secs(
            (q + 3600.0 + self.cadence.nominal_seconds() as f64 / 48.0) as i64,
        ));
        Due { at: at.ok(), reason: format!("learned from the last {} landings", v.len()) }
    }
    /// expect
    pub fn expect(&self, _p: Partition, m: Metric) -> Option<Band> {
        let past = self.past.get(&m)?;
        if past.len() < 7 {
            return None;
        }
        let mut v: Vec<f64> = past.iter().rev().take(28).map(|x| (x + 1.0).ln()).collect();
        v.sort_by(f64::total_cmp);
        let med = v[v.len() / 2];
        let mut d: Vec<f64> = v.iter().map(|x| (x - med).abs()).collect();
        d.sort_by(f64::total_cmp);
        let mad = (d[d.len() / 2] * 1.4826).max(0.02);
        let w = (5.0 * mad).max(0.25);
        Some(Band {
            low: Some((med - w).exp()),
            high: Some((med + w).exp()),
            source: format!("the last {}", v.len()),
        })
    }
    /// judge
    pub fn judge(&mut self, f: &Fact) -> Verdict {
        let mut out = Verdict {
            level: Level::Ok,
            metric: Metric::TotalFileSize,
            observed: 0.0,
            reason: "as expected".into(),
        };
        for (m, v) in &f.metrics {
            if let Some(b) = self.expect(f.partition, *m)
                && (*v < b.low.unwrap_or(0.0) || *v > b.high.unwrap_or(f64::MAX))
                && out.level == Level::Ok
            {
                out = Verdict {
                    level: Level::Alarm,
                    metric: *m,
                    observed: *v,
                    reason: format!("{v} outside {:?}–{:?}", b.low, b.high),
                };
            }
        }
        if out.level == Level::Ok && !f.bad {
            for (m, v) in &f.metrics {
                self.past.entry(*m).or_default().push(*v);
            }
        }
        if let Some(t) = f.landed_at {
            self.lags.push(t.duration_since(f.partition.end_in(&self.zone)).as_secs_f64());
        }
        out
    }
    /// absent
    pub fn absent(&mut self, _p: Partition) {}
}
/// filter
#[derive(Default)]
pub struct Judge {}
impl Judge {
    /// answer
    pub fn answer(&mut self, _line: &str) -> Result<String, String> {
        Ok(String::new())
    }
}
