//! When partitions land, and which are expected at all.

use std::collections::VecDeque;

use super::rhythm::round;
use super::robust::{median, spread};
use crate::partition::Cadence;

/// Landings that the deadline comes from.
const RECENT: usize = 28;
/// Landings before which nothing is said.
const YOUNG: usize = 7;
/// Landings of one slot before it has a time of its own.
const OF_ONE_SLOT: usize = 3;
/// The slack of a long lag, as a share of it.
const LONG: f64 = 0.025;
/// Landings between two outages from which on they are not one habit.
const HABIT: u32 = 28;
/// Skips among the last landings before which each absence is news.
const SELDOM: u32 = 4;
/// A run of absences is news when it is less probable than this.
const NEWS: f64 = 0.01;
/// Periods after which a landing was filed in.
const FILED: f64 = 60.0;
/// Landings on one side of the expected after which a schedule counts as moved.
const MOVED: usize = 3;

/// Learned landing lags and presence. Lags are hours of the local clock since the period's end.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    season: i64,
    /// Period and lag of the last landings.
    lags: VecDeque<(i64, f64)>,
    /// Per slot of the season: the last eight periods, newest in the lowest bit (1 = came), and how many are known.
    slots: Vec<(u8, u8)>,
    /// Absent periods since the last landing, not yet taught.
    gap: VecDeque<i64>,
    first: Option<i64>,
    /// Absent periods since the last landing.
    absent: i64,
    /// Landings since an outage.
    since_outage: u32,
    /// The last 64 landings, newest in the lowest bit: 1 where expected periods before it did not come.
    skips: u64,
    landings: u32,
    /// Hours a period.
    period: f64,
    /// Absent periods in a row after which a dataset has stopped.
    stopped: i64,
}

/// Why there is, or is not, a deadline.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expected {
    /// Lag in hours, the usual lag and how far behind it, and from how many landings; `true` where they are of the same slot alone.
    By { deadline: f64, usual: f64, width: f64, landings: usize, slot: bool },
    /// It came on `came` of the last `of` same slots.
    Seldom { came: u32, of: u32 },
    /// So many of the last landings followed a skip that another is no news.
    Skips { skips: u32, of: u32 },
    /// Fewer landings than are needed.
    Young(usize),
    /// Nothing came for this many periods.
    Stopped(i64),
    /// Landings differ by more than half a period.
    Unpredictable(f64),
}

impl Arrival {
    pub(super) fn new(cadence: Cadence) -> Arrival {
        let season = round(cadence);
        let period = cadence.nominal_seconds() as f64 / 3_600.0;
        let stopped = match cadence {
            Cadence::Hourly => 14 * 24,
            Cadence::Daily => 14,
            Cadence::Weekly | Cadence::Monthly => 6,
        };
        Arrival {
            stopped,
            season: season as i64,
            lags: VecDeque::with_capacity(RECENT + 1),
            slots: vec![(0, 0); season],
            gap: VecDeque::new(),
            first: None,
            absent: 0,
            since_outage: HABIT,
            skips: 0,
            landings: 0,
            period,
        }
    }

    fn teach_slot(&mut self, index: i64, came: bool) {
        let slot = index.rem_euclid(self.season) as usize;
        if let Some((bits, known)) = self.slots.get_mut(slot) {
            *bits = *bits << 1 | u8::from(came);
            *known = (*known + 1).min(8);
        }
    }

    /// Nothing came for the period `index`.
    pub(super) fn absent(&mut self, index: i64) {
        if self.first.is_none() {
            return;
        }
        self.absent += 1;
        self.gap.push_back(index);
        if self.gap.len() as i64 > self.season {
            self.gap.pop_front();
        }
    }

    /// The period `index` came, `lag` hours after its start where that is known.
    pub(super) fn landed(&mut self, index: i64, lag: Option<f64>) {
        self.first.get_or_insert(index);
        // A gap of a whole season or more is an outage and says nothing about single slots.
        // The second within a few rounds is a habit.
        let outage = self.gap.len() as i64 >= self.season;
        let skipped = self.run() > 0;
        if !outage || self.since_outage < HABIT {
            for at in std::mem::take(&mut self.gap) {
                self.teach_slot(at, false);
            }
        }
        self.since_outage = if outage { 0 } else { self.since_outage.saturating_add(1) };
        self.skips = self.skips << 1 | u64::from(skipped);
        self.landings = self.landings.saturating_add(1);
        self.gap.clear();
        self.absent = 0;
        self.teach_slot(index, true);
        // What came many periods later was filed in, and says nothing about the schedule.
        let Some(lag) = lag.filter(|lag| lag.abs() <= FILED * self.period) else { return };
        self.lags.push_back((index, lag));
        while self.lags.len() > RECENT {
            self.lags.pop_front();
        }
        self.move_schedule();
    }

    /// Forgets the landings before a schedule moved: three in a row outside of the others, near each other.
    fn move_schedule(&mut self) {
        let n = self.lags.len();
        if n < 2 * MOVED {
            return;
        }
        let all: Vec<f64> = self.lags.iter().map(|(_, lag)| *lag).collect();
        let (old, new) = all.split_at(n - MOVED);
        let Some((usual, _)) = usual_and_width(old, self.period) else { return };
        let near = slack(self.period);
        let (low, high) = new.iter().fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
        let known = old.iter().filter(|lag| **lag >= low - near && **lag <= high + near).count();
        if high - low <= near && (low > usual + near || high < usual - near) && known * 5 < old.len() {
            self.lags.drain(..n - MOVED);
        }
    }

    /// Period and lag in hours of the last landings, oldest first.
    pub(super) fn lags(&self) -> impl Iterator<Item = &(i64, f64)> {
        self.lags.iter()
    }

    /// After how many of the last landings' predecessors nothing had come, and of how many landings.
    pub(super) fn skips(&self) -> (u32, u32) {
        (self.skips.count_ones(), self.landings.min(u64::BITS))
    }

    /// Absent periods since the last landing.
    pub(super) fn absences(&self) -> i64 {
        self.absent
    }

    /// What came of the last eight same slots.
    pub(super) fn slot(&self, index: i64) -> (u32, u32) {
        let slot = index.rem_euclid(self.season) as usize;
        let (bits, known) = self.slots.get(slot).copied().unwrap_or((0, 0));
        (bits.count_ones(), u32::from(known))
    }

    /// Absent periods since the last landing whose slots usually come.
    pub(super) fn run(&self) -> i32 {
        let usual = |at: &&i64| {
            let (came, of) = self.slot(**at);
            came * 4 >= of * 3
        };
        self.gap.iter().filter(usual).count() as i32
    }

    /// Whether and by when the period `index` must have come.
    pub(super) fn expect(&self, index: i64) -> Expected {
        if self.absent >= self.stopped {
            return Expected::Stopped(self.absent);
        }
        if self.lags.len() < MOVED || self.first.is_none_or(|f| index - f < YOUNG as i64) {
            return Expected::Young(self.lags.len());
        }
        let slot = index.rem_euclid(self.season) as usize;
        let (came, of) = self.slot(index);
        if of > 0 && came * 4 < of * 3 {
            return Expected::Seldom { came, of };
        }
        let (skips, of) = self.skips();
        // The chance that this one and the run before it are skipped as others were.
        let chance = (f64::from(skips) / f64::from(of.max(1))).powi(self.run() + 1);
        if skips >= SELDOM && chance > NEWS {
            return Expected::Skips { skips, of };
        }
        let all: Vec<f64> = self.lags.iter().map(|(_, lag)| *lag).collect();
        let same: Vec<f64> = self
            .lags
            .iter()
            .filter(|(at, _)| at.rem_euclid(self.season) == slot as i64)
            .map(|(_, l)| *l)
            .collect();
        let Some((usual, width)) = usual_and_width(&all, self.period) else { return Expected::Young(0) };
        let slot_word = (same.len() >= OF_ONE_SLOT)
            .then(|| usual_and_width(&same, self.period))
            .flatten()
            .filter(|(u, _)| (u - usual).abs() > width.min(1.0));
        let (usual, width, landings, slot) = match slot_word {
            Some((u, w)) => (u, w, same.len(), true),
            None => (usual, width, all.len(), false),
        };
        if width > self.period / 2.0 {
            return Expected::Unpredictable(width);
        }
        Expected::By { deadline: usual + width, usual, width, landings, slot }
    }
}

/// The usual lag and how far behind it a landing may be, in hours: four standard deviations, at least the slack, and no more
/// than the slack behind the latest.
fn usual_and_width(lags: &[f64], period: f64) -> Option<(f64, f64)> {
    let mut sample = lags.to_vec();
    let usual = median(&mut sample)?;
    let sigma = spread(&mut sample, usual)?;
    let latest = lags.iter().copied().max_by(f64::total_cmp)?;
    let slack = slack(period).max(LONG * usual.abs());
    Some((usual, (4.0 * sigma).max(slack).min(latest - usual + slack)))
}

/// An hour for a clock change, and a 24th of a period; for hours a quarter of it.
fn slack(period: f64) -> f64 {
    if period > 1.0 { 1.0 + period.min(24.0 * 7.0) / 24.0 } else { period / 4.0 }
}
