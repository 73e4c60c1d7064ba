//! lakegauge's own detector, as `lakegauge judge` runs it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lakegauge_core::baseline::{Fact, Lesson, Level, Series};
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::{Cadence, Partition};

use super::detector::{Detector, Landed, Verdict};

/// A series of daily partitions in UTC, with no configuration.
#[derive(Clone)]
pub(super) struct Ours {
    series: Series,
}

impl Ours {
    pub(super) fn new() -> Ours {
        Ours { series: Series::new(Cadence::Daily, TimeZone::UTC) }
    }
}

fn partition(day: Date) -> Partition {
    Partition::containing(day.at(0, 0, 0, 0), Cadence::Daily)
}

impl Detector for Ours {
    fn due(&mut self, day: Date) -> Option<Timestamp> {
        self.series.due(partition(day)).at
    }

    fn judge(&mut self, landed: Landed) -> Verdict {
        let metrics = [(Metric::TotalFileSize, landed.volume.size), (Metric::RowCount, landed.volume.rows)];
        let metrics: BTreeMap<Metric, f64> = metrics.into_iter().filter_map(|(m, v)| Some((m, v?))).collect();
        let (partition, landed_at, lesson) = (partition(landed.day), Some(landed.at), Lesson::Judged);
        let fact = Fact { partition, landed_at, metrics, lesson };
        let verdict = self.series.judge(&fact);
        match verdict.level {
            Level::Ok => Verdict::Ok,
            Level::Notice => Verdict::Notice,
            Level::Alarm if verdict.continuing.is_some() => Verdict::Continuing,
            Level::Alarm => Verdict::Alarm,
        }
    }

    fn absent(&mut self, day: Date) {
        self.series.absent(partition(day));
    }
}
