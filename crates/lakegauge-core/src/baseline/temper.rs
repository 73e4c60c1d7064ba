//! Combines what each metric shows into one verdict on the partition.

use super::band::{Finding, LogBand};
use super::fact::{Band, Level};
use super::reason;
use super::volume::Seen;
use crate::metric::Metric;
use crate::partition::Partition;
use crate::quantity;

/// With at least this many rows, their number is evidence of its own.
const MANY_ROWS: f64 = 10.0;
/// How far a size may be from the middle if the rows are as expected, as a logarithm: 0.55 to 1.8 times.
const OTHER_BYTES: f64 = 0.6;

/// One metric of one partition, with what was expected of it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) partition: Partition,
    pub(super) index: i64,
    pub(super) metric: Metric,
    pub(super) value: f64,
    pub(super) band: Option<LogBand>,
    pub(super) expected: Option<Band>,
    /// The value that all of the last partitions had, if it was constant.
    pub(super) steady: Option<f64>,
    /// The value of the previous partition: the expected value if there is no band.
    pub(super) last: Option<f64>,
    /// How many earlier values were above zero.
    pub(super) before: u64,
    pub(super) finding: Finding,
    /// How many times the usual number of objects there is, if each has the usual size.
    pub(super) twice: Option<f64>,
    /// The partition that raised the alarm that this one is still in.
    pub(super) continuing: Option<Partition>,
}

impl Judged {
    /// The same as input for its past.
    pub(super) fn seen(&self) -> Seen<'_> {
        let (index, value, band) = (self.index, self.value, self.band.as_ref());
        let alarmed = self.level().0 == Level::Alarm;
        Seen { index, value, band, finding: self.finding, alarmed }
    }

    /// How many times the constant value this value is, if that is a whole number.
    fn times(&self) -> Option<f64> {
        let times = self.value / self.steady?;
        (times >= 2.0 && (times - times.round()).abs() < 1e-9).then_some(times)
    }

    /// What was expected, as one number.
    fn usual(&self) -> Option<f64> {
        let band = self.band.as_ref().map(|band| (band.middle() + band.effect).exp());
        band.or(self.last)
    }

    /// Whether it is below what was expected; otherwise it is above.
    pub(super) fn is_low(&self) -> bool {
        if let Finding::OddDay(by) = self.finding {
            return by < 0.0;
        }
        self.value <= 0.0 || self.usual().is_some_and(|usual| self.value < usual)
    }

    /// The change of level that is accepted as normal with it. If it is `accepted` by a person, the level moves at
    /// once.
    pub(super) fn moved(&self, accepted: bool) -> Option<f64> {
        match self.finding {
            Finding::NewLevel(by) | Finding::OldLevel(by) | Finding::Held(by) => Some(by),
            Finding::OddDay(by) if accepted => Some(by),
            finding if accepted && finding.is_outside() => Some(self.band.as_ref()?.distance(self.value)),
            _ => None,
        }
    }

    /// How serious it is, and why.
    pub(super) fn level(&self) -> (Level, Option<String>) {
        if let (Some(times), Some(steady), Finding::Outside | Finding::OddHour | Finding::Unknown) =
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
            Finding::OddHour => notice("one odd hour".to_owned()),
            Finding::OddDay(by) => (Level::Alarm, Some(reason::odd_day(by, self.partition))),
            Finding::Outside => (Level::Alarm, None),
        }
    }
}

/// A size that is off while the rows are as expected points to other columns or another compression, and a number of
/// objects that is off while the size is as expected points to other writers: both are worth a notice, but not a
/// page. A partition that was written twice has a multiple of the usual objects, each of the usual size; one that was
/// written by more tasks has smaller objects.
pub(super) fn temper(judged: &mut [Judged]) {
    let fine = |metric: Metric, judged: &[Judged], least: f64| {
        judged.iter().any(|j| j.metric == metric && j.finding == Finding::Inside && j.value >= least)
    };
    let rows = fine(Metric::RowCount, judged, MANY_ROWS);
    let size = fine(Metric::TotalFileSize, judged, 0.0);
    let size_is = judged.iter().find(|j| j.metric == Metric::TotalFileSize);
    let times_size = size_is.and_then(|j| Some(j.value / j.usual()?));
    let odd = |j: &Judged| {
        use Finding::{OddDay, OddHour, Outside, Unknown};
        matches!(j.finding, Outside | OddHour | OddDay(_) | Unknown)
    };
    for j in judged.iter_mut().filter(|j| odd(j)) {
        let near = j.band.as_ref().is_some_and(|b| b.distance(j.value).abs() < OTHER_BYTES);
        match j.metric {
            Metric::TotalFileSize if j.finding == Finding::Unknown => {}
            Metric::TotalFileSize if rows && near => j.finding = Finding::OtherMetricFine(Metric::RowCount),
            Metric::ObjectCount => {
                // Twice the objects of half the size, or of the usual size: whichever is nearer.
                let doubled = |times: &f64| times_size.is_none_or(|size| size > times.sqrt());
                j.twice = j.times().filter(doubled);
                if size && j.twice.is_none() && j.finding != Finding::Unknown {
                    j.finding = Finding::OtherMetricFine(Metric::TotalFileSize);
                }
            }
            _ => {}
        }
    }
}

/// The index of the metric that decides: the most serious. If several are equal, the one that was written twice, or
/// the first that has a band.
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
