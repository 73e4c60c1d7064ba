//! From what each metric shows to one verdict of the partition.

use super::fact::{Band, Level};
use super::volume::{Finding, LogBand};
use crate::metric::Metric;
use crate::quantity;

/// Rows from which on their number is evidence of its own.
const MANY_ROWS: f64 = 10.0;
/// How far a size may be from the middle while the rows are as expected, as a logarithm: 0.55 to 1.8 times.
const OTHER_BYTES: f64 = 0.6;

/// One metric of one partition beside what was expected of it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) metric: Metric,
    pub(super) value: f64,
    pub(super) band: Option<LogBand>,
    pub(super) expected: Option<Band>,
    /// The value that all of the last ones had.
    pub(super) steady: Option<f64>,
    /// How many values above zero there were before.
    pub(super) before: u64,
    pub(super) finding: Finding,
}

impl Judged {
    /// How many times the value all the last ones had this is, where it is a whole multiple: an append that ran twice.
    fn times(&self) -> Option<f64> {
        let times = self.value / self.steady?;
        (times >= 2.0 && (times - times.round()).abs() < 1e-9).then_some(times)
    }

    /// The change of level that is taken as normal with it; what is `accepted` moves it at once.
    pub(super) fn moved(&self, accepted: bool) -> Option<f64> {
        match self.finding {
            Finding::NewLevel(by) | Finding::OldLevel(by) => Some(by),
            Finding::Outside | Finding::LikeLowDay | Finding::OtherMetricFine(_) if accepted => {
                Some(self.band.as_ref()?.distance(self.value))
            }
            _ => None,
        }
    }

    fn level(&self) -> (Level, Option<String>) {
        if self.metric == Metric::ObjectCount
            && matches!(self.finding, Finding::Outside | Finding::Unknown)
            && let (Some(times), Some(steady)) = (self.times(), self.steady)
        {
            let because = format!(
                "exactly {times} times the {} of every partition lately: was it written twice?",
                quantity::count(steady)
            );
            return (Level::Alarm, Some(because));
        }
        match self.finding {
            Finding::Empty if self.before > 0 => (Level::Alarm, Some("nothing is in it".to_owned())),
            Finding::Empty | Finding::Unknown | Finding::Inside => (Level::Ok, None),
            Finding::LikeLowDay => (Level::Notice, Some("as low as on a holiday".to_owned())),
            Finding::NewLevel(_) => {
                (Level::Notice, Some("a third time in a row, taken as the new level".to_owned()))
            }
            Finding::NewHour(_) => {
                let because = "a third time in a row at this hour, taken as its new level";
                (Level::Notice, Some(because.to_owned()))
            }
            Finding::OldLevel(_) => (Level::Notice, Some("back at the level of before".to_owned())),
            Finding::OtherMetricFine(metric) => (Level::Notice, Some(format!("{metric} is as expected"))),
            Finding::Outside => (Level::Alarm, None),
        }
    }
}

/// A size that is off while the rows are as expected tells of other columns or another compression, and a number of objects that
/// is off while the size is as expected tells of other writers: both are worth knowing, and nobody's night.
pub(super) fn temper(judged: &mut [Judged]) {
    let fine = |metric: Metric, judged: &[Judged], least: f64| {
        judged.iter().any(|j| j.metric == metric && j.finding == Finding::Inside && j.value >= least)
    };
    let rows = fine(Metric::RowCount, judged, MANY_ROWS);
    let size = fine(Metric::TotalFileSize, judged, 0.0);
    for j in judged.iter_mut().filter(|j| j.finding == Finding::Outside) {
        let near = j.band.as_ref().is_some_and(|b| b.distance(j.value).abs() < OTHER_BYTES);
        match j.metric {
            Metric::TotalFileSize if rows && near => j.finding = Finding::OtherMetricFine(Metric::RowCount),
            Metric::ObjectCount if size && j.times().is_none() => {
                j.finding = Finding::OtherMetricFine(Metric::TotalFileSize);
            }
            _ => {}
        }
    }
}

/// The metric that decides: the gravest, of equals the first that has a band.
pub(super) fn gravest(judged: Vec<Judged>) -> Option<(Level, Option<String>, Judged)> {
    let mut gravest: Option<(Level, Option<String>, Judged)> = None;
    for j in judged {
        let (level, because) = j.level();
        let graver = gravest.as_ref().is_none_or(|(l, _, g)| {
            level > *l || (level == *l && g.expected.is_none() && j.expected.is_some())
        });
        if graver {
            gravest = Some((level, because, j));
        }
    }
    gravest
}
