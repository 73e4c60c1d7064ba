//! How early a partition can be complete.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::partition::Partition;

/// The earliest instants that a dataset's own past allows for one partition.
///
/// A period that is still running looks complete at every pause of its writer, and old data in its folder (a stray
/// from the same date a year ago) looks like a landing. Earlier landing times tell both from a real one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LandingWindow {
    /// Before this instant, a pause does not mean that the partition is complete: the period's end, or the earliest
    /// usual landing if that is different.
    pub opens: Timestamp,
    /// When the period ends.
    pub ends: Timestamp,
    /// A pause of this length after the period's end always means that the partition is complete: half a period.
    /// Without it, a job that rewrites the last seven days every night would be judged a week later.
    pub patience: SignedDuration,
    /// A last write before this instant is not a landing: the writer was not done, or the data belongs to another
    /// period.
    pub landing_from: Timestamp,
    /// A last write before this instant does not belong to this period at all.
    pub period_from: Timestamp,
    /// A marker that is written earlier does not mean that the partition is complete before [`LandingWindow::opens`]: a
    /// job that writes it at each of its runs in the period. The period's end, or the earliest usual landing if that
    /// is before it.
    pub marked_from: Timestamp,
}

impl LandingWindow {
    /// The window of a partition before three landings of its dataset have been learned from. `usual` is the median
    /// of all known landing times, relative to the end of the period: hours named in another zone, and forecasts,
    /// land before their period begins.
    pub fn unknown(partition: Partition, zone: &TimeZone, usual: Option<SignedDuration>) -> LandingWindow {
        let (ends, patience) = (partition.end_in(zone), patience(partition));
        let period = patience.saturating_mul(2);
        let ahead = usual.unwrap_or_default().min(SignedDuration::ZERO) - period - period;
        let from = ends.checked_add(ahead).unwrap_or(Timestamp::MIN);
        let marked_from = Timestamp::MIN;
        LandingWindow { opens: ends, ends, patience, landing_from: from, period_from: from, marked_from }
    }

    /// The window learned from landings. `earliest` is the usual earliest landing, `tolerance` how much earlier than
    /// that a landing may be.
    pub fn learned(
        partition: Partition,
        zone: &TimeZone,
        earliest: Timestamp,
        tolerance: SignedDuration,
    ) -> LandingWindow {
        let before = |at: Timestamp| at.checked_sub(tolerance).unwrap_or(Timestamp::MIN);
        let (begins, ends) = (partition.start_in(zone), partition.end_in(zone));
        // A run that is early, but after the period, has all of the data.
        let landing_from = before(earliest.min(ends));
        let (patience, period_from) = (patience(partition), landing_from.min(begins));
        let marked_from = earliest.min(ends);
        LandingWindow { opens: earliest, ends, patience, landing_from, period_from, marked_from }
    }

    /// When a partition with the last write at `last` is complete by a pause of `quiet`, if nothing more is written.
    pub fn complete_at(&self, last: Timestamp, quiet: SignedDuration) -> Timestamp {
        let after = |pause: SignedDuration| last.checked_add(pause).unwrap_or(Timestamp::MAX);
        let usual = after(quiet).max(self.opens);
        usual.min(after(quiet.max(self.patience)).max(self.ends))
    }

    /// From when on a marker written at `at` means that the partition is complete; `None`: it never does.
    pub fn marked_at(&self, at: Timestamp) -> Option<Timestamp> {
        match () {
            () if self.is_foreign(at) => None,
            () if at >= self.marked_from => Some(at),
            () if self.is_early(at) => None,
            () => Some(self.opens),
        }
    }

    /// Whether a write at `at` is too early to be a landing.
    pub fn is_early(&self, at: Timestamp) -> bool {
        at < self.landing_from
    }

    /// Whether a write at `at` does not belong to this period at all.
    pub fn is_foreign(&self, at: Timestamp) -> bool {
        at < self.period_from
    }
}

fn patience(partition: Partition) -> SignedDuration {
    SignedDuration::from_secs(partition.cadence().nominal_seconds() / 2)
}
