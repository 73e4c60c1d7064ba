//! For hourly data: the last day taken together.
//!
//! One odd hour is noise more often than not. What is wrong for hours moves nearly all of them the same way, and how
//! far the hours of an ordinary day ever move together is learned from the days before.

use std::collections::VecDeque;

use serde::Serialize;

use super::rhythm::first;
use super::robust::quantile;
use crate::partition::{Cadence, Partition};

/// How many periods a stretch has: a day of hours.
pub(super) const HOURS: i64 = 24;
/// Which share of its hours is most of them: a day has moved as far as most hours have at least. A fault takes from all
/// hours, a storm or a holiday from some.
const MOST: f64 = 0.75;
/// Which share of its hours tells its level.
const HALF: f64 = 0.5;
/// With fewer hours that came, a stretch says nothing.
const LEAST: usize = 6;
/// How many days a limit is computed from: three weeks.
const DAYS: usize = 21;
/// With fewer days, there is no limit yet.
const YOUNG: usize = 14;
/// The share of the days whose largest moves are the tail.
const TAIL: f64 = 0.2;
/// On which share of all days the tail is expected to reach the limit.
const RATE: f64 = 0.001;
/// The smallest limit, as a logarithm: a quarter less, or a third more.
const FLOOR: f64 = 0.3;

/// An hour, with the logarithm of its ratio to what the same hour of the week usually has.
pub(super) type Ratio = (i64, f64);

/// What is remembered of the last day and of the days before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Stretch {
    /// The hours of the last day that came, oldest first.
    recent: VecDeque<Ratio>,
    low: Side,
    high: Side,
    /// The alarm that is open.
    open: Option<Open>,
}

/// An hour, compared with what was usual.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HourRatio {
    /// The partition.
    pub partition: Partition,
    /// The logarithm of its ratio to what the same hour of the week usually had.
    pub log: f64,
}

/// The hours before an hourly partition, and how far a day may move. Logarithms are natural.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LastDay {
    /// The last 23 hours that came, oldest first: the logarithms of their ratios to what was usual.
    pub hours: Vec<HourRatio>,
    /// What the same hour of the week usually has; `None` while too little is known.
    pub usual_log: Option<f64>,
    /// The largest move of each earlier day towards less, oldest first; none is larger than the limit of its time.
    pub low_days: Vec<f64>,
    /// The same towards more.
    pub high_days: Vec<f64>,
    /// If most hours are at least this far below usual, the day is in alarm; `None` while too few days are known.
    pub low_limit: Option<f64>,
    /// If most hours are at least this far above usual, the day is in alarm.
    pub high_limit: Option<f64>,
    /// The hour that raised the alarm of a day that is still open.
    pub since: Option<Partition>,
    /// Which share of the hours is most of them.
    pub share: f64,
    /// How many hours a day needs.
    pub least_hours: usize,
    /// How many days a limit needs.
    pub least_days: usize,
    /// The share of the days whose moves are the tail.
    pub tail: f64,
    /// The share of the days that is expected beyond a limit.
    pub rate: f64,
    /// The smallest limit.
    pub floor: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Open {
    low: bool,
    /// The hour that raised it.
    since: i64,
}

/// How far the days moved in one direction.
#[derive(Clone, Debug, Default)]
struct Side {
    /// Each day's largest move, at most the limit of its time, oldest first.
    days: VecDeque<f64>,
    /// The day that is not over, and its largest move so far.
    today: Option<(i64, f64)>,
    /// A larger move is an alarm; `None` while there are too few days.
    limit: Option<f64>,
}

impl Stretch {
    fn side(&self, low: bool) -> &Side {
        if low { &self.low } else { &self.high }
    }

    /// Whether enough days are known to judge one.
    pub(super) fn has_limit(&self, low: bool) -> bool {
        self.side(low).limit.is_some()
    }

    /// The hours of the day that ends with `index`, without `index` itself.
    fn recent(&self, index: i64) -> impl Iterator<Item = Ratio> {
        self.recent.iter().copied().filter(move |(at, _)| index - at < HOURS)
    }

    /// The move that this share of the day's hours, with `now`, make at least: up, or down if `low`.
    fn moved(&self, now: Ratio, low: bool, share: f64) -> Option<f64> {
        let sign = if low { -1.0 } else { 1.0 };
        let mut moves = [0.0; HOURS as usize];
        let hours = self.recent(now.0).chain([now]);
        let n = moves.iter_mut().zip(hours).map(|(cell, (_, ratio))| *cell = sign * ratio).count();
        let rank = (share * n as f64).ceil() as usize;
        let moves = moves.get_mut(..n).filter(|_| n >= LEAST)?;
        let (_, moved, _) = moves.select_nth_unstable_by(rank.checked_sub(1)?, |a, b| b.total_cmp(a));
        Some(*moved)
    }

    /// How far half of the hours of the day that ends with `now` have moved at least, as a logarithm, if the day is in
    /// alarm and `now` is part of it: nearer to that level than to its usual value.
    pub(super) fn outside(&self, now: Ratio) -> Option<f64> {
        let low = now.1 < 0.0;
        let moved = self.moved(now, low, HALF).filter(|_| self.is_beyond(now, low))?;
        let by = if low { -moved } else { moved };
        ((now.1 - by).abs() < now.1.abs()).then_some(by)
    }

    /// Whether the day that ends with `now` is in alarm. That begins when most hours are beyond the limit, and ends when
    /// half of them are within half of it.
    fn is_beyond(&self, now: Ratio, low: bool) -> bool {
        let (share, part) = if self.since(low).is_some() { (HALF, 0.5) } else { (MOST, 1.0) };
        let moved = self.moved(now, low, share);
        moved.zip(self.side(low).limit).is_some_and(|(moved, limit)| moved > limit * part)
    }

    /// The hour that raised the alarm on this side that is still open.
    pub(super) fn since(&self, low: bool) -> Option<i64> {
        self.open.filter(|open| open.low == low).map(|open| open.since)
    }

    /// Learns an hour. If it is in alarm as part of its day, `alarm` is the hour that raised that alarm.
    pub(super) fn learn(&mut self, now: Ratio, alarm: Option<i64>) {
        for low in [true, false] {
            let Some(moved) = self.moved(now, low, MOST) else { continue };
            let (before, beyond) = (self.since(low), self.is_beyond(now, low));
            match alarm {
                Some(since) if beyond && before.is_none() => self.open = Some(Open { low, since }),
                _ if !beyond && before.is_some() => self.open = None,
                _ => {}
            }
            // An alarm counts once, on the day that raised it.
            if before.is_none_or(|since| day(since) == day(now.0)) {
                let side = if low { &mut self.low } else { &mut self.high };
                side.learn(day(now.0), moved);
            }
        }
        self.recent.push_back(now);
        self.recent.retain(|(at, _)| now.0 - at < HOURS);
    }

    /// What is known before the hour `index`, of which `usual_log` is expected.
    pub(super) fn last_day(&self, index: i64, usual_log: Option<f64>) -> LastDay {
        let name = |at: i64| first(Cadence::Hourly).offset(at);
        let hour = |(at, log): Ratio| HourRatio { partition: name(at), log };
        LastDay {
            hours: self.recent(index).map(hour).collect(),
            usual_log,
            low_days: self.low.days.iter().copied().collect(),
            high_days: self.high.days.iter().copied().collect(),
            low_limit: self.low.limit,
            high_limit: self.high.limit,
            since: self.open.map(|open| name(open.since)),
            share: MOST,
            least_hours: LEAST,
            least_days: YOUNG,
            tail: TAIL,
            rate: RATE,
            floor: FLOOR,
        }
    }

    /// The usual values have moved, so what is known of the last day compares with others.
    pub(super) fn forget(&mut self) {
        self.recent.clear();
        self.open = None;
    }
}

fn day(index: i64) -> i64 {
    index.div_euclid(HOURS)
}

impl Side {
    fn learn(&mut self, day: i64, moved: f64) {
        let moved = self.limit.map_or(moved, |limit| moved.min(limit));
        match &mut self.today {
            Some((today, most)) if *today == day => *most = most.max(moved),
            today => {
                let before = today.replace((day, moved));
                self.days.extend(before.map(|(_, most)| most));
                if self.days.len() > DAYS {
                    self.days.pop_front();
                }
                self.limit = limit(&self.days);
            }
        }
    }
}

/// The move that a day exceeds with the probability [`RATE`], if the largest moves have an exponential tail: the
/// method of peaks over a threshold (Davison and Smith 1990, "Models for exceedances over high thresholds"), whose
/// threshold is exceeded by a share [`TAIL`] of the days.
fn limit(days: &VecDeque<f64>) -> Option<f64> {
    if days.len() < YOUNG {
        return None;
    }
    let mut sorted: Vec<f64> = days.iter().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let threshold = quantile(&sorted, 1.0 - TAIL)?;
    let excesses: Vec<f64> = sorted.iter().map(|most| most - threshold).filter(|by| *by > 0.0).collect();
    let mean = excesses.iter().sum::<f64>() / excesses.len().max(1) as f64;
    Some((threshold + mean * (TAIL / RATE).ln()).max(FLOOR))
}
