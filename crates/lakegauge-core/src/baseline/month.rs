//! How the days of a month affect a daily dataset: a month's close doubles the sales, a full copy lands on the 1st,
//! billing runs on the 15th.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::band::{Finding, LogBand};
use super::robust::median;
use crate::partition::{Cadence, Partition};

/// How many months are remembered.
const MONTHS: usize = 3;
/// If no weekend had a partition for this many days, the dataset rests on weekends.
const RESTS: i64 = 28;
/// How many consecutive days may differ because of their day of the month.
const DAYS: usize = 3;
/// How many months an effect needs to be used.
const BELIEVED: usize = 2;

/// A day that occurs once in every month, or in nearly every month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthDay {
    /// The last day.
    Last,
    /// The first day.
    First,
    /// The last day from Monday to Friday.
    LastWeekday,
    /// The first day from Monday to Friday.
    FirstWeekday,
    /// The day with this number.
    #[serde(untagged)]
    Numbered(i8),
}

impl MonthDay {
    /// The kinds of day that a partition is, the most basic first; none if the dataset is not daily.
    fn of(partition: Partition) -> impl Iterator<Item = MonthDay> {
        let date = partition.date();
        let (day, days) = (date.day(), date.days_in_month());
        let weekday = date.weekday().to_monday_zero_offset();
        let works = weekday < 5;
        // Days to the next and from the last working day.
        let (ahead, back) = (if weekday == 4 { 3 } else { 1 }, if weekday == 0 { 3 } else { 1 });
        let all = [
            (MonthDay::Last, day == days),
            (MonthDay::First, day == 1),
            (MonthDay::LastWeekday, works && day + ahead > days),
            (MonthDay::FirstWeekday, works && day - back < 1),
            (MonthDay::Numbered(day), day > 1),
        ];
        let daily = partition.cadence() == Cadence::Daily;
        all.into_iter().filter_map(move |(kind, is)| (is && daily).then_some(kind))
    }

    /// Whether it is defined by weekdays.
    fn is_weekday(self) -> bool {
        matches!(self, MonthDay::LastWeekday | MonthDay::FirstWeekday)
    }

    /// Whether `partition` is one of these days only because of its weekday.
    fn by_weekday(self, partition: Partition) -> bool {
        let ends = |kind| matches!(kind, MonthDay::Last | MonthDay::First);
        self.is_weekday() && !MonthDay::of(partition).any(ends)
    }

    /// Its name in the plural.
    pub(super) fn plural(self) -> String {
        match self {
            MonthDay::Last => "month ends".to_owned(),
            MonthDay::First => "firsts of months".to_owned(),
            MonthDay::LastWeekday => "last weekdays of months".to_owned(),
            MonthDay::FirstWeekday => "first weekdays of months".to_owned(),
            MonthDay::Numbered(day) => {
                let ending = match (day / 10, day % 10) {
                    (1, _) => "th",
                    (_, 1) => "st",
                    (_, 2) => "nd",
                    (_, 3) => "rd",
                    _ => "th",
                };
                format!("{day}{ending}s of months")
            }
        }
    }
}

/// How far one such day differed from an ordinary day, on the log scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Difference {
    pub(super) partition: Partition,
    /// Distance from the middle of the band of an ordinary day.
    pub(super) by: f64,
    /// Half the width of that band.
    half: f64,
}

/// What is known about the days of a month.
#[derive(Clone, Debug, Default)]
pub(super) struct MonthDays {
    known: BTreeMap<MonthDay, Known>,
    /// The newest partition on a Saturday or Sunday.
    weekend: Option<Partition>,
    /// The newest days, while they are outside their bands.
    outside: Vec<Difference>,
}

/// What is known of one day of the month.
#[derive(Clone, Debug, Default)]
struct Known {
    /// The last months, oldest first.
    months: VecDeque<Difference>,
    /// The newest one, if it is the first that breaks the pattern: a 15th that once did not double.
    odd: Option<Difference>,
}

impl MonthDays {
    /// Remembers how far a partition differed from the band of an ordinary day. Days outside the band count once the
    /// feed has returned, and only if that was soon: a day-of-month effect is short, and a level that changes on that
    /// day is not one.
    pub(super) fn see(&mut self, partition: Partition, value: f64, band: Option<&LogBand>, finding: Finding) {
        if partition.date().weekday().to_monday_zero_offset() >= 5 {
            self.weekend = Some(partition);
        }
        let now = band.filter(|_| value > 0.0).map(|band| {
            let (by, half) = (value.ln() - band.middle(), band.half_width());
            Difference { partition, by, half }
        });
        match (finding, now) {
            (Finding::Inside, Some(now)) => {
                let outside = std::mem::take(&mut self.outside);
                let soon = if outside.len() > DAYS { Vec::new() } else { outside };
                soon.into_iter().chain([now]).for_each(|difference| self.learn(difference));
            }
            (finding, Some(now)) if finding.is_outside() => {
                self.outside.push(now);
                self.outside.truncate(DAYS + 1);
            }
            _ => self.outside.clear(),
        }
    }

    fn learn(&mut self, now: Difference) {
        for kind in MonthDay::of(now.partition) {
            self.known.entry(kind).or_default().learn(kind, now);
        }
    }

    /// How far a day usually differs, and from which days that is known. If weekends have partitions, the first
    /// weekday cannot be learned from months that began with one. Days that were all the same weekday show that
    /// weekday, not the month.
    pub(super) fn effect(&self, partition: Partition) -> Option<(MonthDay, f64, &VecDeque<Difference>)> {
        let rests = self.weekend.is_none_or(|weekend| partition.periods_since(weekend) > RESTS);
        MonthDay::of(partition).find_map(|kind| {
            let known = self.known.get(&kind)?;
            let (by, months) = (known.effect()?, &known.months);
            let weekday = |d: &Difference| d.partition.date().weekday();
            let told = match kind {
                MonthDay::Last | MonthDay::First => true,
                MonthDay::LastWeekday | MonthDay::FirstWeekday => {
                    rests || months.iter().any(|d| kind.by_weekday(d.partition))
                }
                MonthDay::Numbered(_) => {
                    months.iter().zip(months.iter().skip(1)).any(|(a, b)| weekday(a) != weekday(b))
                }
            };
            told.then_some((kind, by, months))
        })
    }
}

impl Known {
    fn learn(&mut self, kind: MonthDay, now: Difference) {
        // The first and last days of a month and its first and last weekdays are often the same days, so they are
        // dropped at once.
        let numbered = matches!(kind, MonthDay::Numbered(_));
        let odd = numbered && self.effect().is_some_and(|by| !now.is_beyond(by));
        match self.odd.take() {
            None if odd => {
                self.odd = Some(now);
                return;
            }
            Some(before) if odd => self.months.push_back(before),
            _ => {}
        }
        self.months.push_back(now);
        while self.months.len() > MONTHS {
            self.months.pop_front();
        }
    }

    /// The median of two or three months, if each was outside an ordinary day's band on the same side, and at least
    /// two of them are within half that band's width of the median.
    fn effect(&self) -> Option<f64> {
        let mut all = [0.0; MONTHS];
        all.iter_mut().zip(&self.months).for_each(|(cell, d)| *cell = d.by);
        let by = median(all.get_mut(..self.months.len())?)?;
        let near = self.months.iter().filter(|d| (d.by - by).abs() <= d.half).count();
        (near >= BELIEVED && self.months.iter().all(|d| d.is_beyond(by))).then_some(by)
    }
}

impl Difference {
    /// Whether it is outside an ordinary day's band, on the same side as `by`.
    fn is_beyond(&self, by: f64) -> bool {
        self.by.abs() > self.half && self.by * by > 0.0
    }
}
