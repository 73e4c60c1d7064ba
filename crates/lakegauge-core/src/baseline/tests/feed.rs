//! Feeds that are given to a series period by period.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::super::*;
use crate::metric::Metric;
use crate::partition::{Cadence, Partition};

/// A Monday, at the start of an ISO week and of a month.
pub(super) fn first(cadence: Cadence) -> Partition {
    Partition::containing(jiff::civil::date(2024, 1, 1).at(0, 0, 0, 0), cadence)
}

/// A number from −1 to 1 that looks random, but depends only on `seed` and `n`.
pub(super) fn noise(seed: u64, n: i64) -> f64 {
    let mut z = (n as u64).wrapping_add(seed << 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

/// One feed, and the verdicts on its periods so far.
#[derive(Clone)]
pub(super) struct Feed {
    pub(super) series: Series,
    pub(super) next: Partition,
    pub(super) told: Vec<Verdict>,
}

impl Feed {
    pub(super) fn new(cadence: Cadence) -> Feed {
        Feed { series: Series::new(cadence, TimeZone::UTC), next: first(cadence), told: Vec::new() }
    }

    pub(super) fn tell_as(&mut self, bytes: f64, lesson: Lesson) -> Verdict {
        let partition = self.next;
        let landed = partition.end_in(&TimeZone::UTC) + SignedDuration::from_mins(10);
        let metrics = BTreeMap::from([(Metric::TotalFileSize, bytes.round())]);
        let verdict = self.series.judge(&Fact { partition, landed_at: Some(landed), metrics, lesson });
        self.next = partition.next();
        self.told.push(verdict.clone());
        verdict
    }

    pub(super) fn tell(&mut self, bytes: f64) -> Verdict {
        self.tell_as(bytes, Lesson::Judged)
    }

    pub(super) fn skip(&mut self) {
        self.series.absent(self.next);
        self.next = self.next.next();
    }

    /// How many periods were given or skipped.
    pub(super) fn n(&self) -> i64 {
        self.next.periods_since(first(self.next.cadence()))
    }
}

/// The usual bytes of a period.
pub(super) type Shape = fn(Partition) -> f64;

pub(super) fn flat(_: Partition) -> f64 {
    1e8
}

/// Nothing on weekends.
pub(super) fn working_days(p: Partition) -> f64 {
    if p.date().weekday().to_monday_zero_offset() >= 5 { 0.0 } else { 1e8 }
}

/// Nothing at night and on weekends.
pub(super) fn office_hours(p: Partition) -> f64 {
    if (8..18).contains(&p.start().hour()) { working_days(p) } else { 0.0 }
}

/// One percent more every seven periods.
pub(super) fn growing(p: Partition) -> f64 {
    1e8 * 1.01_f64.powf(p.periods_since(first(p.cadence())) as f64 / 7.0)
}

/// A third on weekends, daily or hourly.
pub(super) fn weekly(p: Partition) -> f64 {
    if p.date().weekday().to_monday_zero_offset() >= 5 { 3.3e7 } else { 1e8 }
}

/// At night a fifth of the afternoon.
pub(super) fn by_day(p: Partition) -> f64 {
    1e8 * (1.0 + 0.66 * (std::f64::consts::TAU * f64::from(p.start().hour()) / 24.0).sin())
}

/// Both.
pub(super) fn by_day_and_week(p: Partition) -> f64 {
    by_day(p) * weekly(p) / 1e8
}
