//! The interface of a scored detector, which learns from a history day by day.

use jiff::Timestamp;
use jiff::civil::Date;

/// What came for one day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Landed {
    pub(crate) day: Date,
    pub(crate) at: Timestamp,
    pub(crate) volume: Volume,
}

/// How much came; a figure that the feed lacks is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Volume {
    /// `TotalFileSize`, in bytes.
    pub(crate) size: Option<f64>,
    /// `RowCount`.
    pub(crate) rows: Option<f64>,
}

impl Volume {
    /// Whether anything at all is known.
    pub(super) fn is_known(self) -> bool {
        self.size.is_some() || self.rows.is_some()
    }

    /// Every figure times `factor`, to whole numbers, half to even.
    pub(crate) fn times(self, factor: f64) -> Volume {
        let scale = |value: f64| (value * factor).round_ties_even();
        Volume { size: self.size.map(scale), rows: self.rows.map(scale) }
    }

    /// The figure that a rule on one number looks at.
    pub(super) fn main(self) -> Option<f64> {
        self.size.or(self.rows)
    }
}

/// A detector's verdict on a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As expected, or not known yet.
    Ok,
    /// Worth a line in a digest; never pages.
    Notice,
    /// Somebody is notified at once.
    Alarm,
    /// Part of an alarm that was raised before and is still open: no page.
    Continuing,
}

/// A detector in the middle of one history. A clone continues from the same past.
pub(super) trait Detector: Clone {
    /// By when `day` must have landed; `None` when it is not expected, or nothing is known yet.
    fn due(&mut self, day: Date) -> Option<Timestamp>;

    /// Judges what landed, then learns from it.
    fn judge(&mut self, landed: Landed) -> Verdict;

    /// Nothing came for `day` before the next one was due.
    fn absent(&mut self, day: Date);
}
