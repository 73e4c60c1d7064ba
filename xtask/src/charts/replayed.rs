//! Replays a public history with the real detector, day by day.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lakegauge_core::baseline::{Band, Fact, Lesson, Series, Verdict};
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::{Cadence, Partition};

use crate::bench::detection::{History, start};

/// One day and its verdict.
pub(super) struct Day {
    pub(super) day: Date,
    /// What came and how it was judged; `None` where nothing came.
    pub(super) landed: Option<Landed>,
    /// Its deadline.
    pub(super) due: Option<Timestamp>,
}

/// What landed for one day.
pub(super) struct Landed {
    /// `None` if the history does not have the time.
    pub(super) at: Option<Timestamp>,
    pub(super) value: f64,
    /// The band before it landed.
    pub(super) band: Option<Band>,
    pub(super) verdict: Verdict,
}

/// A modification of a real history: from a day on, all values are multiplied.
#[derive(Clone, Copy)]
pub(super) struct Plant {
    pub(super) from: Date,
    pub(super) factor: f64,
}

impl Day {
    /// The time at which the day is drawn: its start.
    pub(super) fn start(&self) -> Timestamp {
        start(self.day)
    }

    /// Whether it landed after its deadline, or not at all.
    pub(super) fn is_late(&self) -> bool {
        let Some(due) = self.due else { return false };
        self.landed.as_ref().is_none_or(|landed| landed.at.is_some_and(|at| at > due))
    }
}

/// The history `name` in `data`, each day judged by what was known before it.
pub(super) fn replay(data: &Path, name: &str, metric: Metric, plant: Option<Plant>) -> Result<Vec<Day>> {
    let history = History::read(data, name, 1.0)?;
    let mut series = Series::new(Cadence::Daily, TimeZone::UTC);
    let days = history.facts.into_iter().map(|fact| {
        let partition = Partition::containing(fact.day.at(0, 0, 0, 0), Cadence::Daily);
        let due = series.due(partition).at;
        let factor = plant.filter(|plant| fact.day >= plant.from).map_or(1.0, |plant| plant.factor);
        let volume = fact.volume.times(factor);
        let metrics = [(Metric::TotalFileSize, volume.size), (Metric::RowCount, volume.rows)];
        let metrics: BTreeMap<Metric, f64> = metrics.into_iter().filter_map(|(m, v)| Some((m, v?))).collect();
        let Some(value) = metrics.get(&metric).copied() else {
            series.absent(partition);
            return Day { day: fact.day, landed: None, due };
        };
        let judged = Fact { partition, landed_at: fact.landed_at, metrics, lesson: Lesson::Judged };
        let (verdict, mut bands) = series.compare(&judged);
        let landed = Landed { at: fact.landed_at, value, band: bands.remove(&metric), verdict };
        Day { day: fact.day, landed: Some(landed), due }
    });
    Ok(days.collect())
}
