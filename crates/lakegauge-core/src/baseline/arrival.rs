//! When partitions land, and which ones are expected at all.

use std::collections::{BTreeMap, VecDeque};

use super::lags::{by_hand, is_later, slack, usual_and_width};
use super::presence::{Absence, Came, Presence};
use super::rhythm::round;
use super::robust::{median, spread};
use super::skips::{Skipped, Skips};
use crate::partition::Cadence;

/// How many recent landings the deadline is learned from.
const RECENT: usize = 28;
/// How many periods must pass before a deadline is learned; for hourly data, a week of them, since weekends may rest.
const YOUNG: i64 = 7;
/// How many landings a slot needs to have a time of its own.
const OF_ONE_SLOT: usize = 3;
/// With this many landings, one unusually early landing is ignored.
const ENOUGH: usize = 10;
/// How many landings of one slot are remembered at most.
const OF_ONE_SLOT_AT_MOST: usize = 8;
/// How many times narrower the landings of one slot must be than all landings to be used alone.
const FAR_NARROWER: f64 = 2.0;
/// Outages with at least this many landings between them are not a habit.
const HABIT: u32 = 28;
/// A landing later than this many periods is a backfill, and is not learned from.
const FILED: f64 = 60.0;
/// How many landings on one side of the expected time show that the schedule has moved.
const MOVED: usize = 3;

/// Learned landing lags and presence. Lags are in hours of the local clock since the period's end.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    /// Period and lag of the last landings.
    lags: VecDeque<(i64, f64)>,
    /// Period and lag of the last landings of each slot. Only for hourly data, where one day fills most of `lags`.
    slots: BTreeMap<i64, VecDeque<(i64, f64)>>,
    /// Which slots have partitions.
    presence: Presence,
    /// Number of periods in the rhythm of landing times.
    season: i64,
    /// Absent periods since the last landing that `presence` has not learned yet.
    gap: VecDeque<Absence>,
    first: Option<i64>,
    /// Absent periods since the last landing.
    absent: i64,
    /// Landings since an outage.
    since_outage: u32,
    skips: Skips,
    /// Hours per period.
    period: f64,
    /// Periods after the first in which nothing is expected.
    youth: i64,
    /// Absent periods in a row after which a dataset counts as stopped.
    stopped: i64,
}

/// Why there is, or is not, a deadline.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expected {
    /// There is a deadline: its lag and the usual lag in hours, the width between them, the number of landings, and
    /// whether only landings of the same slot were used.
    By { deadline: f64, usual: f64, width: f64, landings: usize, slot: bool },
    /// This slot comes too seldom.
    Seldom(Came),
    /// So many of the last landings followed a skip that one more is not worth reporting.
    Skips(Skipped),
    /// The same for a feed whose landing times are those of a person: half of them are at least this many hours from
    /// the usual time.
    ByHand { scatter: f64, skipped: Skipped },
    /// Too few landings, or not every slot has had its turn.
    Young(usize),
    /// Nothing came for this many periods.
    Stopped(i64),
    /// Landings differ by more than half a period.
    Unpredictable(f64),
}

impl Arrival {
    pub(super) fn new(cadence: Cadence) -> Arrival {
        let period = cadence.nominal_seconds() as f64 / 3_600.0;
        let stopped = match cadence {
            Cadence::Hourly => 14 * 24,
            Cadence::Daily => 14,
            Cadence::Weekly | Cadence::Monthly => 6,
        };
        let presence = Presence::new(cadence);
        Arrival {
            stopped,
            lags: VecDeque::with_capacity(RECENT + 1),
            slots: BTreeMap::new(),
            youth: if cadence == Cadence::Hourly { presence.round() } else { YOUNG },
            presence,
            season: round(cadence) as i64,
            gap: VecDeque::new(),
            first: None,
            absent: 0,
            since_outage: HABIT,
            skips: Skips::new(),
            period,
        }
    }

    /// Nothing came for the period `index`.
    pub(super) fn absent(&mut self, index: i64) {
        if self.first.is_none() {
            return;
        }
        let alarmed = matches!(self.expect(index), Expected::By { .. });
        self.absent += 1;
        self.gap.push_back(Absence { index, alarmed });
        if self.gap.len() as i64 > self.presence.round() {
            self.gap.pop_front();
        }
    }

    /// The period `index` came, `lag` hours after its end if that is known.
    pub(super) fn landed(&mut self, index: i64, lag: Option<f64>) {
        self.first.get_or_insert(index);
        self.skips.landed(self.waited_for().collect());
        // A gap of a whole round or more is an outage and says nothing about single slots. A second one within a few
        // rounds is a habit.
        let outage = self.presence.missed(self.gap.iter().copied(), self.since_outage < HABIT);
        self.since_outage = if outage { 0 } else { self.since_outage.saturating_add(1) };
        self.gap.clear();
        self.absent = 0;
        self.presence.landed(index);
        // A partition that came many periods later was backfilled, and says nothing about the schedule.
        let Some(lag) = lag.filter(|lag| lag.abs() <= FILED * self.period) else { return };
        if self.season > RECENT as i64 / OF_ONE_SLOT as i64 {
            let slot = self.slots.entry(index.rem_euclid(self.season)).or_default();
            slot.push_back((index, lag));
            if slot.len() > OF_ONE_SLOT_AT_MOST {
                slot.pop_front();
            }
        }
        self.lags.push_back((index, lag));
        while self.lags.len() > RECENT {
            self.lags.pop_front();
        }
        self.move_schedule();
    }

    /// Forgets the landings before the schedule moved: three in a row that are outside the others and near each
    /// other.
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

    /// The usual earliest lag in hours, and how much earlier than that a landing may be. `None` with fewer than three
    /// landings.
    pub(super) fn earliest(&self) -> Option<(f64, f64)> {
        let mut lags: Vec<f64> = self.lags.iter().map(|(_, lag)| *lag).collect();
        lags.sort_by(f64::total_cmp);
        // With many landings, one early landing is ignored.
        let earliest = *lags.get(usize::from(lags.len() >= ENOUGH))?;
        let first = *lags.first().filter(|_| lags.len() >= MOVED)?;
        let usual = median(&mut lags)?;
        let sigma = spread(&mut lags, usual)?;
        let slack = slack(self.period);
        let tolerance = (4.0 * sigma).max(slack).min(usual - first + slack);
        // For a partition that usually lands before its period ends, the end of the period is no lower limit.
        Some((earliest, if earliest < 0.0 { tolerance.max(self.period / 2.0) } else { tolerance }))
    }

    /// Period and lag in hours of the last landings, oldest first.
    pub(super) fn lags(&self) -> impl Iterator<Item = &(i64, f64)> {
        self.lags.iter()
    }

    /// How many of the last landings followed a skip, and of how many landings.
    pub(super) fn skips(&self) -> Skipped {
        self.skips.count(&self.presence)
    }

    /// Absent periods since the last landing.
    pub(super) fn absences(&self) -> i64 {
        self.absent
    }

    /// Which slots have partitions.
    pub(super) fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Absent periods since the last landing whose slots usually have partitions.
    fn waited_for(&self) -> impl Iterator<Item = i64> {
        self.gap.iter().map(|of| of.index).filter(|at| self.presence.seldom(*at).is_none())
    }

    /// How many these are.
    pub(super) fn run(&self) -> i32 {
        self.waited_for().count() as i32
    }

    /// Whether and by when the period `index` must have come.
    pub(super) fn expect(&self, index: i64) -> Expected {
        if self.absent >= self.stopped {
            return Expected::Stopped(self.absent);
        }
        if self.lags.len() < MOVED || self.first.is_none_or(|f| index - f < self.youth) {
            return Expected::Young(self.lags.len());
        }
        if let Some(came) = self.presence.seldom(index) {
            return Expected::Seldom(came);
        }
        let all: Vec<f64> = self.lags.iter().map(|(_, lag)| *lag).collect();
        self.skipped_like_others(&all).unwrap_or_else(|| self.deadline(index, &all))
    }

    /// Whether the next absence would mean little, because this dataset often skips a period.
    fn skipped_like_others(&self, all: &[f64]) -> Option<Expected> {
        let skipped = Some(self.skips()).filter(|skipped| skipped.explains(self.run()))?;
        if skipped.is_habit() {
            return Some(Expected::Skips(skipped));
        }
        let scatter = skipped.is_habit_by_hand().then(|| by_hand(all, self.period)).flatten()?;
        Some(Expected::ByHand { scatter, skipped })
    }

    fn deadline(&self, index: i64, all: &[f64]) -> Expected {
        let same: Vec<f64> = self.of_slot(index).into_iter().map(|(_, lag)| lag).collect();
        let Some((usual, width)) = usual_and_width(all, self.period) else { return Expected::Young(0) };
        if width > self.period / 2.0 {
            return self.of_batch(&same, width);
        }
        let of_slot = (same.len() >= OF_ONE_SLOT && is_later(&same, usual, self.period))
            .then(|| usual_and_width(&same, self.period))
            .flatten();
        let (usual, width, landings, slot) = match of_slot {
            Some((usual, width)) => (usual, width, same.len(), true),
            None => (usual, width, all.len(), false),
        };
        if width > self.period / 2.0 {
            return Expected::Unpredictable(width);
        }
        Expected::By { deadline: usual + width, usual, width, landings, slot }
    }

    /// Period and lag in hours of the last landings of the same slot, oldest first.
    pub(super) fn of_slot(&self, index: i64) -> Vec<(i64, f64)> {
        let same = |at: i64| (at - index).rem_euclid(self.season) == 0;
        match self.slots.get(&index.rem_euclid(self.season)) {
            Some(slot) => slot.iter().copied().collect(),
            None => self.lags.iter().copied().filter(|(at, _)| same(*at)).collect(),
        }
    }

    /// Used where all landings together vary too much. A job that writes all hours of a day at once has a time of its
    /// own for each slot, and the slack then depends on the round in which the job runs.
    fn of_batch(&self, same: &[f64], of_all: f64) -> Expected {
        let round = self.period * self.season as f64;
        match usual_and_width(same, round).filter(|_| same.len() >= OF_ONE_SLOT) {
            Some((usual, width)) if width * FAR_NARROWER < of_all && width <= round / 2.0 => {
                let (deadline, landings) = (usual + width, same.len());
                Expected::By { deadline, usual, width, landings, slot: true }
            }
            _ => Expected::Unpredictable(of_all),
        }
    }
}
