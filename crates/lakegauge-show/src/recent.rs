//! The last partitions of a dataset as one line of small columns.

use anstyle::Style;
use jiff::tz::TimeZone;
use lakegauge_core::dataset::Dataset;
use lakegauge_core::judge::Judgement;
use lakegauge_core::metric::Metric;
use lakegauge_core::partition::Partition;

use super::options::{BAD, DOUBT, Options, PLAIN, QUIET, STRONG};

/// Maximum number of partitions on a line.
pub(super) const SHOWN: usize = 30;

/// The recent past of one dataset, shown next to its verdict.
#[derive(Clone, Debug)]
pub struct Recent {
    /// The newest expected partitions with their `TotalFileSize` in bytes, oldest first, as many as are shown; `None`
    /// where nothing landed.
    pub points: Vec<(Partition, Option<f64>)>,
    /// The band of the judged partition, its lower and upper edge in bytes; a missing edge is open.
    pub band: Option<(Option<f64>, Option<f64>)>,
    /// The time zone in which the dataset's times are shown.
    pub zone: TimeZone,
}

impl Default for Recent {
    fn default() -> Recent {
        Recent { points: Vec::new(), band: None, zone: TimeZone::UTC }
    }
}

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const DIGITS: [char; 8] = ['1', '2', '3', '4', '5', '6', '7', '8'];

impl Recent {
    /// The past of a dataset up to the partition judged now.
    pub fn of(dataset: &Dataset, judgement: &Judgement) -> Recent {
        let points = judgement.timeline.points(dataset, Metric::TotalFileSize);
        let points: Vec<_> = points.map(|p| (p.partition, p.value)).collect();
        let newest = judgement.report.partitions.first();
        let end =
            newest.map_or(points.len(), |newest| points.partition_point(|(p, _)| *p <= newest.partition));
        let of_size = newest.and_then(|p| p.alarms.iter().find(|a| a.metric == Metric::TotalFileSize));
        let band = of_size.map(|a| a.expected).filter(|band| !band.is_empty());
        Recent {
            points: points.get(end.saturating_sub(SHOWN)..).unwrap_or_default().to_vec(),
            band: band.map(|band| (band.low, band.high)),
            zone: dataset.zone.clone(),
        }
    }

    /// One column for each of the last `columns` partitions up to `judged`: its height is its share of the largest, a
    /// dot is a missing partition. The judged one is highlighted, and more so outside its band.
    pub(super) fn sparkline(&self, judged: Option<Partition>, columns: usize, options: &Options) -> String {
        let end =
            judged.map_or(self.points.len(), |judged| self.points.partition_point(|(p, _)| *p <= judged));
        let shown = self.points.get(end.saturating_sub(columns.min(SHOWN))..end).unwrap_or_default();
        let most = shown.iter().filter_map(|(_, v)| *v).fold(0.0, f64::max);
        let pad = columns.min(SHOWN).saturating_sub(shown.len());
        let mut line = " ".repeat(pad);
        // Neighbours of one style are painted together, otherwise half of the bytes of a coloured table would be
        // escapes.
        let mut run = String::new();
        let mut style = PLAIN;
        for (partition, value) in shown {
            let next = self.style(Some(*partition) == judged, *value);
            if next != style {
                line.push_str(&options.paint(style, &run));
                run.clear();
                style = next;
            }
            run.push(column(*value, most, options));
        }
        line.push_str(&options.paint(style, &run));
        line
    }

    fn style(&self, judged: bool, value: Option<f64>) -> Style {
        match (judged, value) {
            (false, None) => DOUBT,
            (false, Some(_)) => QUIET,
            (true, None) => BAD,
            (true, Some(value)) if self.is_outside(value) => BAD,
            (true, Some(_)) => STRONG,
        }
    }

    fn is_outside(&self, value: f64) -> bool {
        let (low, high) = self.band.unwrap_or_default();
        low.is_some_and(|low| value < low) || high.is_some_and(|high| value > high)
    }
}

fn column(value: Option<f64>, most: f64, options: &Options) -> char {
    let Some(value) = value else { return options.either('·', '.') };
    let top = BARS.len() - 1;
    let height = if most > 0.0 { (value.max(0.0) / most * top as f64).round() as usize } else { 0 };
    options.either(BARS, DIGITS).get(height.min(top)).copied().unwrap_or(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_shares_of_the_largest() {
        let options = Options::PIPE;
        let ascii = Options { unicode: false, ..options };
        let day = Partition::parse("2026-11-01").unwrap();
        let recent = |values: &[Option<f64>]| Recent {
            points: values.iter().enumerate().map(|(i, v)| (day.offset(i as i64), *v)).collect(),
            ..Recent::default()
        };
        let check =
            |values: &[Option<f64>], judged: Option<i64>, columns, options: &Options, expect: &str| {
                let line = recent(values).sparkline(judged.map(|n| day.offset(n)), columns, options);
                assert_eq!(line, expect, "{values:?}");
            };
        let some = |v: &[f64]| v.iter().map(|v| Some(*v)).collect::<Vec<_>>();
        check(&some(&[0.0, 1.0, 2.0, 7.0]), Some(3), 4, &options, "▁▂▃█");
        check(&some(&[0.0, 1.0, 2.0, 7.0]), Some(3), 4, &ascii, "1238");
        check(&some(&[0.0, 0.0]), Some(1), 4, &options, "  ▁▁");
        check(&[Some(5.0), None, Some(5.0)], Some(2), 3, &options, "█·█");
        // Partitions after the judged one are not shown, nor those that do not fit.
        check(&some(&[7.0, 1.0, 2.0, 7.0]), Some(2), 2, &options, "▅█");
        check(&some(&[7.0, 7.0]), None, 2, &options, "██");
        check(&[], None, 2, &options, "  ");
        check(&[Some(f64::NAN), Some(-1.0), Some(1.0)], None, 3, &options, "▁▁█");
    }
}
