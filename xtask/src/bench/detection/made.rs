//! Generated feeds of every cadence, for what no public history here covers: a month end that doubles, a file that
//! only grows, hours, weeks, months, a handful of partitions and thousands of them.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use anyhow::Result;
use jiff::tz::TimeZone;
use lakegauge_core::baseline::{Fact, Lesson, Level, Series, Verdict};
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::{Cadence, Partition};

use super::tally::{Rate, Share};

/// The size of a partition without noise, given the partition and the number of partitions before it.
type Shape = fn(Partition, i64) -> f64;

/// A generated feed.
struct Feed {
    name: &'static str,
    first: &'static str,
    length: i64,
    /// Partitions before scoring starts.
    warm: i64,
    /// The noise: half the width of the range of values, as a logarithm.
    noise: f64,
    /// Minimum share of halves and doubles that must be caught.
    seen: f64,
    shape: Shape,
}

const SEEDS: u32 = 10;
/// Faults are injected into every nth partition.
const EVERY: usize = 5;
/// Maximum false alarms per dataset per month.
const FALSE_AT_MOST: f64 = 0.05;
/// Minimum share of injected halves and doubles that must be caught, unless the noise is as large as they are.
const SEEN_AT_LEAST: f64 = 0.95;
/// The maximum noise for which that is required.
const CALM: f64 = 0.1;

/// Every feed.
const FEEDS: &[Feed] = &[
    feed("steady", "2024-01-01", 400, 28, 0.05, |_, _| 1.0),
    feed("noisy", "2024-01-01", 400, 28, 0.3, |_, _| 1.0),
    feed("weekends a third", "2024-01-01", 400, 42, 0.08, |p, _| weekly(p)),
    feed("month end doubles", "2024-01-01", 400, 91, 0.08, |p, _| weekly(p) * month_end(p)),
    feed("first of the month triples", "2024-01-01", 400, 91, 0.08, |p, _| {
        if p.date().day() == 1 { 3.0 } else { 1.0 }
    }),
    feed("last weekday doubles, no weekends", "2024-01-01", 400, 91, 0.08, |p, _| last_weekday(p)),
    feed("Sundays a tenth", "2024-01-01", 400, 42, 0.08, |p, _| quiet(p, &[6], 0.1)),
    feed("Sundays a thousandth", "2024-01-01", 400, 42, 0.08, |p, _| quiet(p, &[6], 0.001)),
    feed("weekends a tenth", "2024-01-01", 400, 42, 0.08, |p, _| quiet(p, &[5, 6], 0.1)),
    feed("Mondays ten times", "2024-01-01", 400, 42, 0.08, |p, _| quiet(p, &[0], 10.0)),
    feed(
        "the 15th doubles",
        "2024-01-01",
        400,
        91,
        0.05,
        |p, _| if p.date().day() == 15 { 2.0 } else { 1.0 },
    ),
    feed("the 10th and 25th triple", "2024-01-01", 400, 91, 0.08, |p, _| {
        if [10, 25].contains(&p.date().day()) { 3.0 } else { 1.0 }
    }),
    feed("cumulative", "2024-01-01", 400, 28, 0.005, |_, n| 60.0 + n as f64),
    feed("grows 1 % per day", "2024-01-01", 400, 28, 0.05, |_, n| 1.01_f64.powi(n as i32)),
    feed("grows 1 % per day, weekly", "2024-01-01", 400, 42, 0.05, |p, n| {
        weekly(p) * 1.01_f64.powi(n as i32)
    }),
    feed("hours of a day", "2024-01-01T00", 24 * 60, 24 * 7, 0.08, |p, _| hourly(p)),
    feed("hours of a week", "2024-01-01T00", 24 * 60, 24 * 21, 0.08, |p, _| hourly(p) * weekly(p)),
    feed("hours of a week, weekends a tenth", "2024-01-01T00", 24 * 60, 24 * 28, 0.08, |p, _| {
        hourly(p) * quiet(p, &[5, 6], 0.1)
    }),
    feed("hours, one of them a tenth", "2024-01-01T00", 24 * 60, 24 * 14, 0.08, |p, _| {
        if p.start().hour() == 4 { 0.1 } else { 1.0 }
    }),
    feed("weeks", "2020-W02", 200, 12, 0.1, |_, _| 1.0),
    feed("months", "2014-01", 120, 8, 0.1, |_, _| 1.0),
    // A few years of months give a wide band.
    Feed {
        seen: 0.85,
        ..feed("months with a December", "2014-01", 120, 36, 0.1, |p, _| {
            if p.date().month() == 12 { 2.0 } else { 1.0 }
        })
    },
    feed("seven partitions", "2024-01-01", 7, 5, 0.05, |_, _| 1.0),
    feed("four thousand partitions", "2014-01-01", 4_000, 28, 0.08, |p, _| weekly(p)),
];

const fn feed(
    name: &'static str,
    first: &'static str,
    length: i64,
    warm: i64,
    noise: f64,
    shape: Shape,
) -> Feed {
    Feed { name, first, length, warm, noise, seen: SEEN_AT_LEAST, shape }
}

fn weekend(p: Partition) -> bool {
    p.date().weekday().to_monday_zero_offset() >= 5
}

fn weekly(p: Partition) -> f64 {
    if weekend(p) { 0.33 } else { 1.0 }
}

/// `factor` on some weekdays, counted from Monday.
fn quiet(p: Partition, days: &[i8], factor: f64) -> f64 {
    if days.contains(&p.date().weekday().to_monday_zero_offset()) { factor } else { 1.0 }
}

fn month_end(p: Partition) -> f64 {
    if p.date() == p.date().last_of_month() { 2.0 } else { 1.0 }
}

/// Nothing on weekends.
fn last_weekday(p: Partition) -> f64 {
    let later = (1..=3).map(|n| p.offset(n)).filter(|later| later.date().month() == p.date().month());
    match (weekend(p), later.filter(|later| !weekend(*later)).count()) {
        (true, _) => 0.0,
        (false, 0) => 2.0,
        (false, _) => 1.0,
    }
}

fn hourly(p: Partition) -> f64 {
    1.0 + 0.7 * (TAU * f64::from(p.start().hour()) / 24.0).sin()
}

/// The results of one feed over all seeds.
#[derive(Clone, Debug, Default)]
struct Made {
    false_alarms: Rate,
    notices: Rate,
    /// Partitions in an alarm that was raised before.
    continuing: Rate,
    /// Emptied, halved, doubled.
    faults: [Share; 3],
}

impl Feed {
    fn run(&self) -> Result<Made> {
        let mut made = Made::default();
        for seed in 1..=(if self.length > 1_000 { 2 } else { SEEDS }) {
            self.run_seed(seed, &mut made)?;
        }
        Ok(made)
    }

    fn size(&self, partition: Partition, n: i64, dice: &mut Dice) -> f64 {
        1e8 * (self.shape)(partition, n) * (self.noise * dice.normal()).exp()
    }

    /// Whether a fault that begins with this partition raises an alarm. Half and double of one hour may be noise, so in
    /// hourly data they last for a day, and an alarm within it counts.
    fn is_seen(
        &self,
        mut series: Series,
        mut dice: Dice,
        (first, n, size): (Partition, i64, f64),
        factor: f64,
    ) -> bool {
        let lasts = if first.cadence() == Cadence::Hourly && factor > 0.0 { 24 } else { 1 };
        (0..lasts).any(|more| {
            let partition = first.offset(more);
            let size = if more == 0 { size } else { self.size(partition, n + more, &mut dice) };
            if size == 0.0 {
                series.absent(partition);
                return false;
            }
            is_new(&series.judge(&fact(partition, (size * factor).round())))
        })
    }

    fn run_seed(&self, seed: u32, made: &mut Made) -> Result<()> {
        let first = Partition::parse(self.first).ok_or_else(|| anyhow::anyhow!("{}", self.first))?;
        let mut series = Series::new(first.cadence(), TimeZone::UTC);
        let mut dice = Dice(u64::from(seed));
        for n in 0..self.length {
            let partition = first.offset(n);
            let size = self.size(partition, n, &mut dice);
            if size == 0.0 {
                series.absent(partition);
                continue;
            }
            let counts = n >= self.warm;
            if counts && (n as usize).is_multiple_of(EVERY) {
                for (share, factor) in made.faults.iter_mut().zip([0.0, 0.5, 2.0]) {
                    share.of += 1;
                    share.hits +=
                        usize::from(self.is_seen(series.clone(), dice, (partition, n, size), factor));
                }
            }
            let verdict = series.judge(&fact(partition, size.round()));
            if counts {
                let month = first.cadence().nominal_seconds() as f64 / (30.0 * 86_400.0);
                made.false_alarms.months += month;
                made.notices.months += month;
                made.continuing.months += month;
                made.false_alarms.count += usize::from(is_new(&verdict));
                made.continuing.count += usize::from(verdict.continuing.is_some());
                made.notices.count += usize::from(verdict.level == Level::Notice);
            }
        }
        Ok(())
    }
}

/// An alarm that was not raised before.
fn is_new(verdict: &Verdict) -> bool {
    verdict.level == Level::Alarm && verdict.continuing.is_none()
}

fn fact(partition: Partition, size: f64) -> Fact {
    let metrics = BTreeMap::from([(Metric::TotalFileSize, size)]);
    Fact { partition, landed_at: None, metrics, lesson: Lesson::Judged }
}

/// splitmix64 (Steele, Lea and Flood 2014).
#[derive(Clone, Copy)]
struct Dice(u64);

impl Dice {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Of mean 0 and deviation 1: the sum of twelve uniform draws, less 6.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// Limits that are exceeded, one per line.
pub(super) fn worse() -> Result<Vec<String>> {
    let mut worse = Vec::new();
    for feed in FEEDS {
        let made = feed.run()?;
        let rate = made.false_alarms.count as f64 / made.false_alarms.months.max(1e-9);
        if rate > FALSE_AT_MOST {
            worse.push(format!(
                "{}: {rate:.3} false alarms per dataset per month, at most {FALSE_AT_MOST}",
                feed.name
            ));
        }
        let asked = if feed.noise > CALM { 0.0 } else { feed.seen };
        for ((fault, asked), share) in
            [("emptied", 1.0), ("halved", asked), ("doubled", asked)].iter().zip(made.faults)
        {
            let seen = share.hits as f64 / share.of.max(1) as f64;
            if seen < *asked {
                worse.push(format!("{}: {seen:.3} of the {fault} seen, at least {asked}", feed.name));
            }
        }
    }
    Ok(worse)
}

/// The table of all feeds.
pub(super) fn show() -> Result<()> {
    println!(
        "| generated feed | false alarms per dataset per month | continuing | notices | emptied | halved | doubled |"
    );
    println!("|---|---|---|---|---|---|---|");
    for feed in FEEDS {
        let made = feed.run()?;
        let rate = |rate: Rate| format!("{:.3}", rate.count as f64 / rate.months.max(1e-9));
        let share = |share: Share| format!("{:.1} %", 100.0 * share.hits as f64 / share.of.max(1) as f64);
        let [zero, half, double] = made.faults.map(share);
        println!(
            "| {} | {} | {} | {} | {zero} | {half} | {double} |",
            feed.name,
            rate(made.false_alarms),
            rate(made.continuing),
            rate(made.notices)
        );
    }
    Ok(())
}
