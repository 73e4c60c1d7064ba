//! Which slots of a round have partitions at all.

use super::rhythm::round;
use crate::partition::Cadence;

/// With this many occasions, an hour of the week may be known to come only sometimes; with fewer, it counts as
/// expected unless it stayed away more often than it came.
const KNOWN: u32 = 4;

/// An absence that was reported counts from its third in a row on: sizes in alarm are learned by the same rule.
const IN_A_ROW: u8 = 3;

/// A period for which nothing came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Absence {
    pub(super) index: i64,
    /// It had a deadline, so it was reported.
    pub(super) alarmed: bool,
}

/// How often a slot came lately, and on how many occasions (at most eight).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Came {
    pub(super) came: u32,
    pub(super) of: u32,
    /// For this hour of the week, not for this hour of every day.
    pub(super) of_week: bool,
}

/// One slot's occasions.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The last eight, newest in the lowest bit (1 = came).
    bits: u8,
    /// How many of them are known.
    known: u8,
    /// Absences since it last came.
    row: u8,
    /// Of these, how many do not count yet.
    held: u8,
}

/// Every slot of a round.
#[derive(Clone, Debug)]
struct Slots(Vec<Slot>);

/// Which slots of a round came; for hourly data, the slots of the day and those of the week.
#[derive(Clone, Debug)]
pub(super) struct Presence {
    day: Slots,
    week: Option<Slots>,
}

impl Slot {
    fn teach(&mut self, came: bool) {
        self.bits = self.bits << 1 | u8::from(came);
        self.known = (self.known + 1).min(8);
    }

    fn landed(&mut self) {
        (self.row, self.held) = (0, 0);
        self.teach(true);
    }

    /// A fault is no habit: reported absences count only once there are enough of them in a row.
    fn missed(&mut self, alarmed: bool) {
        self.row = self.row.saturating_add(1);
        if alarmed && self.row < IN_A_ROW {
            self.held += 1;
            return;
        }
        (0..=std::mem::take(&mut self.held)).for_each(|_| self.teach(false));
    }
}

impl Slots {
    fn place(&self, index: i64) -> usize {
        index.rem_euclid(self.0.len() as i64) as usize
    }

    fn of(&mut self, index: i64) -> Option<&mut Slot> {
        let place = self.place(index);
        self.0.get_mut(place)
    }

    fn landed(&mut self, index: i64) {
        self.of(index).into_iter().for_each(Slot::landed);
    }

    fn missed(&mut self, of: Absence) {
        self.of(of.index).into_iter().for_each(|slot| slot.missed(of.alarmed));
    }

    fn came(&self, index: i64) -> (u32, u32) {
        let Slot { bits, known, .. } = self.0.get(self.place(index)).copied().unwrap_or_default();
        (bits.count_ones(), u32::from(known))
    }
}

impl Presence {
    pub(super) fn new(cadence: Cadence) -> Presence {
        let slots = |n: usize| Slots(vec![Slot::default(); n]);
        let season = round(cadence);
        Presence { day: slots(season), week: (cadence == Cadence::Hourly).then(|| slots(7 * season)) }
    }

    /// Periods after which every slot has had its turn.
    pub(super) fn round(&self) -> i64 {
        self.week.as_ref().map_or(self.day.0.len(), |week| week.0.len()) as i64
    }

    /// The period `index` came.
    pub(super) fn landed(&mut self, index: i64) {
        self.day.landed(index);
        if let Some(week) = &mut self.week {
            week.landed(index);
        }
    }

    /// Nothing came for the periods of `gap`, oldest first; the gap has ended. Returns whether it was an outage: at
    /// least a whole round, of the shorter kind, of periods that should have come. An outage says nothing about
    /// single slots, unless `habit`.
    pub(super) fn missed(&mut self, gap: impl Iterator<Item = Absence> + Clone, habit: bool) -> bool {
        let season = self.day.0.len();
        // Weekends that usually rest do not make 9 o'clock rare on every day.
        let is_news = |of: &Absence| !self.week_rests(of.index) || self.of_day(of.index).is_seldom();
        let news: Vec<Absence> = gap.clone().filter(is_news).collect();
        let outage = news.len() >= season;
        if !outage || habit {
            news.into_iter().rev().take(season).rev().for_each(|of| self.day.missed(of));
        }
        if let Some(week) = self.week.as_mut().filter(|week| gap.clone().count() < week.0.len()) {
            gap.for_each(|of| week.missed(of));
        }
        outage
    }

    /// How often the same slot came on the last eight occasions.
    pub(super) fn of_day(&self, index: i64) -> Came {
        let (came, of) = self.day.came(index);
        Came { came, of, of_week: false }
    }

    /// For hourly data, how often the same hour of the week came on the last eight occasions.
    pub(super) fn of_week(&self, index: i64) -> Option<Came> {
        let (came, of) = self.week.as_ref()?.came(index);
        Some(Came { came, of, of_week: true })
    }

    fn week_rests(&self, index: i64) -> bool {
        self.of_week(index).is_some_and(Came::is_seldom)
    }

    /// What comes too seldom to be expected: this hour of the week, or the slot itself.
    pub(super) fn seldom(&self, index: i64) -> Option<Came> {
        let week = self.of_week(index).filter(|came| came.is_seldom());
        week.or_else(|| Some(self.of_day(index)).filter(|came| came.is_seldom()))
    }
}

impl Came {
    /// Fewer than three of four occasions. An hour of the week has few occasions at first, so a single absence does
    /// not make it rare.
    fn is_seldom(self) -> bool {
        let of = self.of;
        if self.of_week && of < KNOWN { self.came * 2 < of } else { self.came * 4 < of * 3 }
    }

    /// It never came, on at least this many occasions.
    pub(super) fn never(self, occasions: u32) -> bool {
        self.came == 0 && self.of >= occasions
    }
}
