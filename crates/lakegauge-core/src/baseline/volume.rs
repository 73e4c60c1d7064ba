//! What a partition's volume should be.

use super::fact::{Band, Level};
use super::forecast::{Errors, METHODS, Method, Past, slot};
use super::robust::median;
use crate::partition::Partition;

/// Values that are kept to forecast from.
const KEPT: usize = 120;
/// Errors that a method needs before it may speak.
const LEAST: usize = 6;
/// No band is narrower than this to either side: 12 %.
const NARROWEST: f64 = 0.12;
/// How far beyond the tail of past errors a value is still fine.
const BEYOND_TAIL: f64 = 1.35;
/// How many values in a row, near to each other, make a new level.
const LASTING: usize = 3;

/// The volume of one metric of one dataset.
#[derive(Clone, Debug, Default)]
pub(super) struct Volume {
    past: Vec<Past>,
    errors: [Errors; METHODS.len()],
    /// Values outside of the band, in a row, that may become a new level.
    odd: Vec<Past>,
    /// The level before the last accepted shift: a return to it is silent.
    left: Option<f64>,
    ever_positive: bool,
}

/// A forecast with its band on the log scale.
#[derive(Clone, Debug)]
struct Forecast {
    centre: f64,
    width: f64,
    method: Method,
}

/// What is said of one value.
#[derive(Clone, Debug)]
pub(super) struct Opinion {
    pub(super) level: Level,
    /// Why, where the band alone does not tell.
    pub(super) because: Option<&'static str>,
}

impl Volume {
    /// The band of `next`.
    pub(super) fn expect(&self, next: Partition) -> Option<Band> {
        let forecast = self.forecast(next)?;
        Some(Band {
            low: Some((forecast.centre - forecast.width).exp()),
            high: Some((forecast.centre + forecast.width).exp()),
            source: forecast.method.source(&self.past, next),
        })
    }

    fn forecast(&self, next: Partition) -> Option<Forecast> {
        let able = METHODS.iter().zip(&self.errors).filter(|(_, errors)| errors.len() >= LEAST);
        let (method, errors) = able
            .filter_map(|(method, errors)| Some((method, errors, errors.typical()?)))
            .min_by(|a, b| a.2.total_cmp(&b.2))
            .map(|(method, errors, _)| (*method, errors))?;
        let centre = method.forecast(&self.past, next)?;
        // Few errors tell little of their tail: the band of a young series is wider.
        let youth = 1.0 + 12.0 / (errors.len() as f64 + 2.0);
        let tail = errors.tail(0.97)? * BEYOND_TAIL * youth.max(1.0);
        let typical = errors.tail(0.5)? * 4.0;
        Some(Forecast { centre, width: tail.max(typical).max(NARROWEST * youth), method })
    }

    /// Judges a value and learns from it. `bad` values do not teach.
    pub(super) fn judge(&mut self, partition: Partition, value: f64, bad: bool) -> Opinion {
        if value <= 0.0 {
            let because = "nothing is in it";
            let level = if self.ever_positive { Level::Alarm } else { Level::Ok };
            return Opinion { level, because: (level == Level::Alarm).then_some(because) };
        }
        self.ever_positive = true;
        let point = Past { partition, log: value.ln() };
        let Some(forecast) = self.forecast(partition) else {
            if !bad {
                self.learn(point);
            }
            return Opinion { level: Level::Ok, because: None };
        };
        let miss = point.log - forecast.centre;
        if miss.abs() <= forecast.width {
            if !bad {
                self.odd.clear();
                self.learn(point);
            }
            return Opinion { level: Level::Ok, because: None };
        }
        if self.left.is_some_and(|left| (point.log - left).abs() <= forecast.width) {
            self.accept(point, &[]);
            return Opinion { level: Level::Ok, because: Some("back at the level of before") };
        }
        if !bad && self.suspect(point, forecast.width) {
            return Opinion { level: Level::Notice, because: Some("a new level that has lasted") };
        }
        if miss < 0.0 && self.like_another_slot(partition, point.log, forecast.width) {
            return Opinion { level: Level::Notice, because: Some("like a quieter day of the week") };
        }
        Opinion { level: Level::Alarm, because: None }
    }

    /// Remembers an odd value; true when it and those before it are a new level.
    fn suspect(&mut self, point: Past, width: f64) -> bool {
        let near = self.odd.last().is_none_or(|last| (last.log - point.log).abs() <= width.max(0.3));
        if !near {
            self.odd.clear();
        }
        self.odd.push(point);
        if self.odd.len() <= LASTING {
            return false;
        }
        let odd = std::mem::take(&mut self.odd);
        self.accept(point, &odd);
        true
    }

    /// Moves the whole past to the new level: its seasons and errors stay what they were.
    fn accept(&mut self, point: Past, odd: &[Past]) {
        let recent: Vec<f64> = self.past.iter().rev().take(7).map(|p| p.log).collect();
        let before = median(&recent).unwrap_or(point.log);
        let news: Vec<f64> =
            if odd.is_empty() { vec![point.log] } else { odd.iter().map(|p| p.log).collect() };
        let now = median(&news).unwrap_or(point.log);
        for past in &mut self.past {
            past.log += now - before;
        }
        self.left = Some(before);
        self.odd.clear();
        for past in odd {
            self.keep(*past);
        }
        if odd.is_empty() {
            self.keep(point);
        }
    }

    /// Whether a low value is what another slot of the week usually has: a holiday that looks like a Sunday.
    fn like_another_slot(&self, partition: Partition, log: f64, width: f64) -> bool {
        let lowest = (0..7)
            .filter(|other| *other != slot(partition))
            .filter_map(|other| {
                let of_slot = self.past.iter().rev().filter(|p| slot(p.partition) == other).take(4);
                let values: Vec<f64> = of_slot.map(|p| p.log).collect();
                (values.len() >= 3).then(|| median(&values)).flatten()
            })
            .min_by(f64::total_cmp);
        lowest.is_some_and(|lowest| log >= lowest - width / 2.0)
    }

    fn learn(&mut self, point: Past) {
        for (method, errors) in METHODS.iter().zip(&mut self.errors) {
            if let Some(forecast) = method.forecast(&self.past, point.partition) {
                errors.push(point.log - forecast);
            }
        }
        self.keep(point);
    }

    fn keep(&mut self, point: Past) {
        if self.past.len() >= KEPT {
            self.past.remove(0);
        }
        self.past.push(point);
    }
}
