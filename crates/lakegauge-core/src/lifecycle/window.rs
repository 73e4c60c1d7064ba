//! How early a partition can be complete.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::partition::Partition;

/// The earliest instants that a dataset's own past allows for one partition.
///
/// A period that is still running looks complete at every pause of its writer, and what was left in its folder long
/// before (a stray of the same date a year ago) looks like a landing. Both are told from the landing times of the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LandingWindow {
    /// Before this instant no pause means that it is complete: the period's end, or the earliest usual landing
    /// where that is different.
    pub opens: Timestamp,
    /// When the period ends.
    pub ends: Timestamp,
    /// A pause so long after the period's end means that it is complete, however early that is: half a period. Without it,
    /// a job that writes the last seven days anew each night would be judged a week later.
    pub patience: SignedDuration,
    /// What was last written before this instant is no landing: the writer was still at it, or it is not of this period.
    pub landing_from: Timestamp,
    /// What was last written before this instant is not of this period at all.
    pub period_from: Timestamp,
}

impl LandingWindow {
    /// The window of a partition before three landings of its dataset have been learned from. `usual` is the middle one of all
    /// landing times there are, less the end of the period: hours that are named in another zone, and forecasts, land
    /// before they begin.
    pub fn unknown(partition: Partition, zone: &TimeZone, usual: Option<SignedDuration>) -> LandingWindow {
        let (ends, patience) = (partition.end_in(zone), patience(partition));
        let period = patience.saturating_mul(2);
        let ahead = usual.unwrap_or_default().min(SignedDuration::ZERO) - period - period;
        let from = ends.checked_add(ahead).unwrap_or(Timestamp::MIN);
        LandingWindow { opens: ends, ends, patience, landing_from: from, period_from: from }
    }

    /// The window that landings teach. `earliest` is the usual earliest landing, `tolerance` how much earlier than that
    /// one may be.
    pub fn learned(
        partition: Partition,
        zone: &TimeZone,
        earliest: Timestamp,
        tolerance: SignedDuration,
    ) -> LandingWindow {
        let before = |at: Timestamp| at.checked_sub(tolerance).unwrap_or(Timestamp::MIN);
        let (begins, ends) = (partition.start_in(zone), partition.end_in(zone));
        // A run that comes early, but after the period, has all of it.
        let landing_from = before(earliest.min(ends));
        let (patience, period_from) = (patience(partition), landing_from.min(begins));
        LandingWindow { opens: earliest, ends, patience, landing_from, period_from }
    }

    /// When a partition that was last written at `last` is complete by a pause of `quiet`, should nothing more come.
    pub fn complete_at(&self, last: Timestamp, quiet: SignedDuration) -> Timestamp {
        let after = |pause: SignedDuration| last.checked_add(pause).unwrap_or(Timestamp::MAX);
        let usual = after(quiet).max(self.opens);
        usual.min(after(quiet.max(self.patience)).max(self.ends))
    }

    /// Whether a write at `at` is too early for a landing.
    pub fn is_early(&self, at: Timestamp) -> bool {
        at < self.landing_from
    }

    /// Whether a write at `at` is not of this period at all.
    pub fn is_foreign(&self, at: Timestamp) -> bool {
        at < self.period_from
    }
}

fn patience(partition: Partition) -> SignedDuration {
    SignedDuration::from_secs(partition.cadence().nominal_seconds() / 2)
}
