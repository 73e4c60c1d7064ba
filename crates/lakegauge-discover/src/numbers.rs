//! The numbers of a date, collected level by level.

use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday};
use lakegauge_core::partition::{Cadence, Partition};

/// Years that a folder may be named after; anything else is an ordinary number.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// The parts of a date that a path has named so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) week: Option<i8>,
    pub(super) day: Option<i8>,
    pub(super) hour: Option<i8>,
}

impl Numbers {
    /// Combines both if they agree and `more` adds something. The month needs a year, and so on.
    pub(super) fn with(self, more: Numbers) -> Option<Numbers> {
        fn join<T: PartialEq + Copy>(a: Option<T>, b: Option<T>) -> Result<Option<T>, ()> {
            match (a, b) {
                (Some(a), Some(b)) if a != b => Err(()),
                (a, b) => Ok(a.or(b)),
            }
        }
        let joined = Numbers {
            year: join(self.year, more.year).ok()?,
            month: join(self.month, more.month).ok()?,
            week: join(self.week, more.week).ok()?,
            day: join(self.day, more.day).ok()?,
            hour: join(self.hour, more.hour).ok()?,
        };
        let mixed = joined.week.is_some() && joined.month.is_some();
        let hangs = (joined.month.is_some() || joined.week.is_some()) && joined.year.is_none()
            || joined.day.is_some() && joined.month.is_none()
            || joined.hour.is_some() && joined.day.is_none();
        let real = joined.partition().is_some() || joined.cadence().is_none();
        (joined != self && !mixed && !hangs && real).then_some(joined)
    }

    pub(super) fn cadence(self) -> Option<Cadence> {
        match self {
            Numbers { hour: Some(_), .. } => Some(Cadence::Hourly),
            Numbers { day: Some(_), .. } => Some(Cadence::Daily),
            Numbers { week: Some(_), .. } => Some(Cadence::Weekly),
            Numbers { month: Some(_), .. } => Some(Cadence::Monthly),
            _ => None,
        }
    }

    /// The partition that the numbers name; `None` if there are too few, or if the day does not exist.
    pub(super) fn partition(self) -> Option<Partition> {
        let (cadence, year) = (self.cadence()?, self.year?);
        let date = match cadence {
            Cadence::Weekly => ISOWeekDate::new(year, self.week?, Weekday::Monday).ok()?.date(),
            Cadence::Monthly => Date::new(year, self.month?, 1).ok()?,
            _ => Date::new(year, self.month?, self.day?).ok()?,
        };
        let at = DateTime::new(date.year(), date.month(), date.day(), self.hour.unwrap_or(0), 0, 0, 0);
        Some(Partition::containing(at.ok()?, cadence))
    }
}

/// Which numbers below ten were written with a leading zero, and which without: bits of month, day and hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Padding {
    pub(super) with: u8,
    pub(super) without: u8,
}

impl Padding {
    pub(super) const MONTH: u8 = 1;
    pub(super) const DAY: u8 = 2;
    pub(super) const HOUR: u8 = 4;

    pub(super) fn note(&mut self, part: u8, digits: &str) {
        if digits.len() == 1 {
            self.without |= part;
        } else if digits.starts_with('0') {
            self.with |= part;
        }
    }

    pub(super) fn join(&mut self, other: Padding) {
        self.with |= other.with;
        self.without |= other.without;
    }
}
