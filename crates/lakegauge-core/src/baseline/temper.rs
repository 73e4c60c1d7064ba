//! From what each metric shows to one verdict of the partition.

use super::band::{Finding, LogBand};
use super::fact::{Band, Level};
use super::reason;
use super::volume::Seen;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::quantity;

/// Rows from which on their number is evidence of its own.
const MANY_ROWS: f64 = 10.0;
/// How far a size may be from the middle while the rows are as expected, as a logarithm: 0.55 to 1.8 times.
const OTHER_BYTES: f64 = 0.6;

/// One metric of one partition beside what was expected of it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) partition: Partition,
    pub(super) index: i64,
    pub(super) metric: Metric,
    pub(super) value: f64,
    pub(super) band: Option<LogBand>,
    pub(super) expected: Option<Band>,
    /// The value that all of the last ones had.
    pub(super) steady: Option<f64>,
    /// What the partition before this one came to; of the sizes, for the mean size of an object.
    pub(super) last: Option<f64>,
    /// How many values above zero there were before.
    pub(super) before: u64,
    pub(super) finding: Finding,
    /// How many times the usual number of objects there is, each of the usual size.
    pub(super) twice: Option<f64>,
    /// The partition that raised the alarm which this one is still in.
    pub(super) continuing: Option<Partition>,
}

impl Judged {
    /// As its past sees it.
    pub(super) fn seen(&self) -> Seen<'_> {
        let (index, value, band) = (self.index, self.value, self.band.as_ref());
        let alarmed = self.level().0 == Level::Alarm;
        Seen { index, value, band, finding: self.finding, alarmed }
    }

    /// How many times the value all the last ones had this is, where it is a whole multiple.
    fn times(&self) -> Option<f64> {
        let times = self.value / self.steady?;
        (times >= 2.0 && (times - times.round()).abs() < 1e-9).then_some(times)
    }

    /// What was expected of it, as one number.
    fn usual(&self) -> Option<f64> {
        let band = self.band.as_ref().map(|band| (band.middle() + band.effect).exp());
        band.or(self.last)
    }

    /// Below what was expected, or above it.
    pub(super) fn is_low(&self) -> bool {
        self.value <= 0.0 || self.usual().is_some_and(|usual| self.value < usual)
    }

    /// The change of level that is taken as normal with it; what is `accepted` moves it at once.
    pub(super) fn moved(&self, accepted: bool) -> Option<f64> {
        match self.finding {
            Finding::NewLevel(by) | Finding::OldLevel(by) | Finding::Held(by) => Some(by),
            Finding::Outside | Finding::LikeLowDay | Finding::OtherMetricFine(_) if accepted => {
                Some(self.band.as_ref()?.distance(self.value))
            }
            _ => None,
        }
    }

    /// How grave it is, and why.
    pub(super) fn level(&self) -> (Level, Option<String>) {
        if let (Some(times), Some(steady), Finding::Outside | Finding::Unknown) =
            (self.twice, self.steady, self.finding)
        {
            let usual = quantity::count(steady);
            return (
                Level::Alarm,
                Some(format!("exactly {times} times the usual {usual}: was it written twice?")),
            );
        }
        let notice = |because: String| (Level::Notice, Some(because));
        match self.finding {
            Finding::Empty if self.before > 0 => (Level::Alarm, Some("it is empty".to_owned())),
            Finding::Empty | Finding::Unknown | Finding::Inside => (Level::Ok, None),
            Finding::LikeLowDay => notice("as low as on a holiday".to_owned()),
            Finding::NewLevel(_) => notice("third time in a row, now the new level".to_owned()),
            Finding::Held(_) => notice("unchanged for two weeks, now the new level".to_owned()),
            Finding::NewSlot(_) => notice(reason::new_slot(self.partition)),
            Finding::NewHourOfWeek(_) => notice(reason::new_hour_of_week(self.partition)),
            Finding::OldLevel(_) => notice("back at the earlier level".to_owned()),
            Finding::OtherMetricFine(metric) => notice(format!("{metric} is as expected")),
            Finding::Outside => (Level::Alarm, None),
        }
    }
}

/// A size that is off while the rows are as expected tells of other columns or another compression, and a number of objects that
/// is off while the size is as expected tells of other writers: both are worth knowing, and nobody's night. A partition that was
/// written twice has a multiple of the usual objects, each of the usual size; one that another number of tasks wrote has smaller
/// ones.
pub(super) fn temper(judged: &mut [Judged]) {
    let fine = |metric: Metric, judged: &[Judged], least: f64| {
        judged.iter().any(|j| j.metric == metric && j.finding == Finding::Inside && j.value >= least)
    };
    let rows = fine(Metric::RowCount, judged, MANY_ROWS);
    let size = fine(Metric::TotalFileSize, judged, 0.0);
    let size_is = judged.iter().find(|j| j.metric == Metric::TotalFileSize);
    let times_size = size_is.and_then(|j| Some(j.value / j.usual()?));
    for j in judged.iter_mut().filter(|j| matches!(j.finding, Finding::Outside | Finding::Unknown)) {
        let near = j.band.as_ref().is_some_and(|b| b.distance(j.value).abs() < OTHER_BYTES);
        match j.metric {
            Metric::TotalFileSize if j.finding == Finding::Unknown => {}
            Metric::TotalFileSize if rows && near => j.finding = Finding::OtherMetricFine(Metric::RowCount),
            Metric::ObjectCount => {
                // Twice the objects of half the size or of the usual one: whichever is nearer.
                let doubled = |times: &f64| times_size.is_none_or(|size| size > times.sqrt());
                j.twice = j.times().filter(doubled);
                if size && j.twice.is_none() && j.finding == Finding::Outside {
                    j.finding = Finding::OtherMetricFine(Metric::TotalFileSize);
                }
            }
            _ => {}
        }
    }
}

/// The metric that decides: the gravest, of equals the one that was written twice, or the first that has a band.
pub(super) fn gravest(judged: &[Judged]) -> Option<usize> {
    let mut gravest: Option<(usize, Level, &Judged)> = None;
    for (at, j) in judged.iter().enumerate() {
        let level = j.level().0;
        let graver = gravest.is_none_or(|(_, l, g)| {
            let tells_more = j.twice > g.twice || g.expected.is_none() && j.expected.is_some();
            level > l || level == l && tells_more
        });
        if graver {
            gravest = Some((at, level, j));
        }
    }
    gravest.map(|(at, _, _)| at)
}
