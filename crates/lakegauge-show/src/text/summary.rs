//! The last line: the number of datasets by status, and the cost.

use std::time::Duration;

use lakegauge_core::alarm::Severity;
use lakegauge_core::quantity;
use lakegauge_core::verdict::{DatasetReport, Report, Status};

use super::row;
use crate::fit;
use crate::options::{BAD, DOUBT, GOOD, Options, QUIET};

/// `12 datasets: 8 healthy, 3 in alarm, 1 not seen · 31 list requests · 0.4 s`.
pub(super) fn line(report: &Report, options: &Options) -> String {
    let count = |status| report.datasets.iter().filter(|d| d.status == status).count();
    let standing = [
        (Status::Ok, "healthy", GOOD),
        (Status::Alarm, "in alarm", BAD),
        (Status::Unknown, "not seen", DOUBT),
    ];
    let (mut plain, mut painted) = (Vec::new(), Vec::new());
    for (status, word, style) in standing {
        if count(status) > 0 {
            let mut text = format!("{} {word}", count(status));
            if status == Status::Alarm {
                text.push_str(&only_warned(report, count(status)));
            }
            painted.push(options.paint(style, &text).into_owned());
            plain.push(text);
        }
    }
    let datasets = many(report.datasets.len() as u64, "dataset");
    let colon = if plain.is_empty() { "" } else { ": " };
    let wide = fit::width(&format!("{datasets}{colon}{}", plain.join(", ")));
    let mut parts = vec![(format!("{datasets}{colon}{}", painted.join(", ")), wide)];
    let requests = many(report.datasets.iter().map(|d| d.list_requests).sum(), "list request");
    let took = options.elapsed.map(|took| quantity::duration(rounded(took)));
    for cost in std::iter::once(requests).chain(took) {
        parts.push((options.paint(QUIET, &cost).into_owned(), fit::width(&cost)));
    }
    fit::join(&parts, &options.paint(QUIET, options.dot()), options.width)
}

/// The number of datasets in alarm with only warnings: ` (1 only a warning)`.
fn only_warned(report: &Report, alarmed: usize) -> String {
    let warned = |dataset: &&DatasetReport| {
        let mut alarms = dataset.partitions.iter().flat_map(row::alarms);
        dataset.status == Status::Alarm && alarms.all(|a| a.severity == Severity::Warning)
    };
    match report.datasets.iter().filter(warned).count() {
        0 => String::new(),
        1 if alarmed == 1 => " (only a warning)".to_owned(),
        n if n == alarmed => " (only warnings)".to_owned(),
        1 => " (1 only a warning)".to_owned(),
        n => format!(" ({n} only warnings)"),
    }
}

/// `1 dataset`, `12,345 datasets`.
pub fn many(n: u64, what: &str) -> String {
    quantity::counted(n as f64, what)
}

/// Tenths of a second, and hundredths only for very short times.
fn rounded(took: Duration) -> f64 {
    let seconds = took.as_secs_f64();
    let step = if seconds < 0.1 { 100.0 } else { 10.0 };
    (seconds * step).round() / step
}
