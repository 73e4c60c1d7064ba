//! The table as a whole.

use lakegauge_core::verdict::Report;

use super::columns::Columns;
use super::row::{self, Row};
use super::{blind, summary, trouble};
use crate::options::Options;
use crate::recent::Recent;

/// How many hours of an outage are shown; the others are counted.
const ALIKE: usize = 3;

/// The report as a table. `recents` has the past of each dataset in the report's order; one without has no sparkline,
/// and its times are in UTC.
pub fn check(report: &Report, recents: &[Recent], options: &Options) -> String {
    let none = Recent::default();
    let rows: Vec<(Vec<Row<'_>>, &Recent)> = report
        .datasets
        .iter()
        .enumerate()
        .map(|(i, dataset)| {
            let recent = recents.get(i).unwrap_or(&none);
            (row::rows(dataset, recent, report.now, options), recent)
        })
        .collect();
    let past = recents.iter().map(|r| r.points.len()).max().unwrap_or(0);
    let columns = Columns::fitting(rows.iter().flat_map(|(rows, _)| rows), past, options);
    let mut out = trouble::of_common_causes(&report.common_causes, options);
    let causes = blind::shared(report);
    out.push_str(&blind::text(&causes, options));
    out.push_str(&columns.heading(options));
    for (dataset, (rows, recent)) in report.datasets.iter().zip(&rows) {
        for alike in rows.chunk_by(row::alike) {
            let (shown, others) = alike.split_at(if alike.len() > ALIKE + 1 { ALIKE } else { alike.len() });
            for row in shown {
                out.push_str(&columns.line(row, recent, options));
                let evidence =
                    row.partition.map(|partition| trouble::of_partition(partition, &recent.zone, options));
                out.extend(evidence);
            }
            out.push_str(&trouble::of_others(others, options));
        }
        out.push_str(&trouble::of_dataset(dataset, &causes, options));
    }
    out.push('\n');
    out.push_str(&summary::line(report, options));
    options.spelled(out)
}
