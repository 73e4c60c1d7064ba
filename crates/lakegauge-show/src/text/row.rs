//! The texts of one line of the table; its widths are decided elsewhere.

use std::borrow::Cow;

use anstyle::Style;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lakegauge_core::alarm::{Severity, State};
use lakegauge_core::foreign::visible;
use lakegauge_core::lifecycle::PartitionState;
use lakegauge_core::metric::Metric;
use lakegauge_core::quantity;
use lakegauge_core::verdict::{AlarmReport, DatasetReport, PartitionReport, Status};

use crate::instant;
use crate::options::{BAD, DOUBT, GOOD, Options, PLAIN, QUIET};
use crate::recent::Recent;

/// The mark at the start of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Healthy,
    Notice,
    Unseen,
    Warning,
    Alarm,
}

impl Mark {
    pub(super) fn text(self, options: &Options) -> &'static str {
        match self {
            Mark::Healthy => options.either("✓", "+"),
            Mark::Notice => "!",
            Mark::Unseen => "?",
            Mark::Warning | Mark::Alarm => options.either("✗", "x"),
        }
    }

    pub(super) fn style(self) -> Style {
        match self {
            Mark::Healthy => GOOD,
            Mark::Notice | Mark::Unseen | Mark::Warning => DOUBT,
            Mark::Alarm => BAD,
        }
    }
}

/// One partition of one dataset, or a dataset without a judged partition.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) mark: Mark,
    /// Safe to print.
    pub(super) name: Cow<'a, str>,
    /// `None` if nothing could be judged.
    pub(super) partition: Option<&'a PartitionReport>,
    /// True for the first line of a dataset, which shows the past.
    pub(super) first: bool,
    /// `landed 04:12 GMT`, `late, due 04:30 GMT`.
    pub(super) state: String,
    /// The same, shorter.
    pub(super) state_short: String,
    /// The same, shortest.
    pub(super) state_word: &'static str,
    pub(super) size: String,
    pub(super) size_style: Style,
    /// The band of the judged partition.
    pub(super) expected: String,
}

impl Row<'_> {
    /// The colour of the state: only problems are coloured.
    pub(super) fn state_style(&self) -> Style {
        let late = self
            .partition
            .is_some_and(|p| p.landed_at.zip(p.due_at).is_some_and(|(landed, due)| landed > due));
        match self.partition.map(|p| p.state) {
            None if self.mark == Mark::Healthy => QUIET,
            None | Some(PartitionState::Late) => DOUBT,
            Some(PartitionState::Missing | PartitionState::Deleted) => BAD,
            Some(PartitionState::Landed) if late => DOUBT,
            Some(PartitionState::Landed) => PLAIN,
            Some(PartitionState::Expected | PartitionState::Arriving) => QUIET,
        }
    }
}

/// The lines of one dataset.
pub(super) fn rows<'a>(
    dataset: &'a DatasetReport,
    recent: &Recent,
    now: Timestamp,
    options: &Options,
) -> Vec<Row<'a>> {
    if dataset.partitions.is_empty() {
        let state = if dataset.status == Status::Ok { "nothing due" } else { "not seen" };
        return vec![Row {
            mark: if dataset.status == Status::Ok { Mark::Healthy } else { Mark::Unseen },
            name: visible(&dataset.dataset),
            partition: None,
            first: true,
            state: state.to_owned(),
            state_short: state.to_owned(),
            state_word: state,
            size: options.nothing().to_owned(),
            size_style: PLAIN,
            expected: String::new(),
        }];
    }
    let line = |(i, partition)| row(dataset, partition, i == 0, recent, now, options);
    dataset.partitions.iter().enumerate().map(line).collect()
}

/// Whether two partitions are in alarm for the same metrics.
pub(super) fn alike(a: &Row<'_>, b: &Row<'_>) -> bool {
    let metrics = |row: &Row<'_>| -> Vec<Metric> {
        row.partition.into_iter().flat_map(alarms).map(|alarm| alarm.metric).collect()
    };
    let of_a = metrics(a);
    !of_a.is_empty() && of_a == metrics(b)
}

fn row<'a>(
    dataset: &'a DatasetReport,
    partition: &'a PartitionReport,
    first: bool,
    recent: &Recent,
    now: Timestamp,
    options: &Options,
) -> Row<'a> {
    let size = partition.metrics.get(&Metric::TotalFileSize);
    let band = recent.band.filter(|_| first);
    Row {
        mark: mark(dataset, partition),
        name: visible(&dataset.dataset),
        partition: Some(partition),
        first,
        state: state(partition, now, &recent.zone),
        state_short: match partition.state {
            PartitionState::Landed => state(partition, now, &recent.zone),
            unlanded => unlanded.name().to_owned(),
        },
        state_word: partition.state.name(),
        size: size.map_or_else(|| options.nothing().to_owned(), |bytes| quantity::bytes(*bytes)),
        size_style: size_style(partition),
        expected: band.map_or_else(String::new, |(low, high)| expected(low, high, options)),
    }
}

fn mark(dataset: &DatasetReport, partition: &PartitionReport) -> Mark {
    let gravest = alarms(partition).map(|a| a.severity).max();
    match gravest {
        _ if dataset.status == Status::Unknown => Mark::Unseen,
        Some(Severity::Critical) => Mark::Alarm,
        Some(Severity::Warning) => Mark::Warning,
        None if partition.alarms.iter().any(|a| a.notice) => Mark::Notice,
        None => Mark::Healthy,
    }
}

/// The alarms of a partition that are in alarm.
pub(super) fn alarms(partition: &PartitionReport) -> impl Iterator<Item = &AlarmReport> {
    partition.alarms.iter().filter(|a| a.state == State::Alarm)
}

/// The state with the relevant time: when it landed, or its deadline.
fn state(partition: &PartitionReport, now: Timestamp, zone: &TimeZone) -> String {
    let word = partition.state.name();
    match (partition.state, partition.landed_at, partition.due_at) {
        (PartitionState::Landed, Some(at), _) => format!("{word} {}", instant::near(at, now, zone)),
        (PartitionState::Landed | PartitionState::Deleted, _, _) | (_, _, None) => word.to_owned(),
        (_, _, Some(due)) => format!("{word}, due {}", instant::near(due, now, zone)),
    }
}

fn size_style(partition: &PartitionReport) -> Style {
    let of_size = |a: &&AlarmReport| matches!(a.metric, Metric::TotalFileSize | Metric::TotalFileSizeChange);
    if alarms(partition).any(|a| of_size(&a)) { BAD } else { PLAIN }
}

/// `1.9 GB – 2.3 GB`, `≥ 195 kB`, `≤ 2 MB`.
pub(super) fn expected(low: Option<f64>, high: Option<f64>, options: &Options) -> String {
    let bytes = quantity::bytes;
    match (low, high) {
        (Some(low), Some(high)) if low == high => bytes(low),
        (Some(low), Some(high)) => format!("{} {} {}", bytes(low), options.nothing(), bytes(high)),
        (Some(low), None) => format!("{} {}", options.either("≥", ">="), bytes(low)),
        (None, Some(high)) => format!("{} {}", options.either("≤", "<="), bytes(high)),
        (None, None) => String::new(),
    }
}
