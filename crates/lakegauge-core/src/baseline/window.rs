//! How early a partition can land, learned from the landings before it.

use super::series::Series;
use crate::lifecycle::LandingWindow;
use crate::partition::Partition;
use jiff::SignedDuration;

impl Series {
    /// Periods after which every slot has had its turn: a week of hours and days, four weeks, twelve months.
    pub fn round(&self) -> i64 {
        self.arrival().presence().round()
    }

    /// How early `partition` can be complete. With fewer than three known landings: when its period ends, or as early
    /// as `usual`, see [`LandingWindow::unknown`].
    pub fn window(&self, partition: Partition, usual: Option<SignedDuration>) -> LandingWindow {
        let learned = self.arrival().earliest().and_then(|(lag, tolerance)| {
            let tolerance = SignedDuration::from_secs((tolerance * 3_600.0) as i64);
            let earliest = self.instant(partition, lag)?;
            Some(LandingWindow::learned(partition, self.zone(), earliest, tolerance))
        });
        learned.unwrap_or_else(|| LandingWindow::unknown(partition, self.zone(), usual))
    }
}
