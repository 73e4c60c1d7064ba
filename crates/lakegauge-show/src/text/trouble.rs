//! The evidence below a line of the table: what was seen and expected, the owner, the runbook.

use jiff::tz::TimeZone;
use lakegauge_core::alarm::{Severity, State};
use lakegauge_core::common_cause::CommonCause;
use lakegauge_core::metric::Metric;
use lakegauge_core::verdict::{AlarmReport, DatasetReport, PartitionReport, Status};

use super::blind::{self, Cause};
use super::row::{Row, alarms};
use super::sentence::{quiet, sentence};
use crate::fit;
use crate::options::{BAD, DOUBT, Options};

/// A line for each common cause, above the table, then an empty one.
pub(super) fn of_common_causes(causes: &[CommonCause], options: &Options) -> String {
    let mark = options.either("✗", "x");
    let mut out = String::new();
    for cause in causes {
        let lines = fit::hang(&format!("{mark} common cause: "), &cause.reason, options.width);
        lines.iter().for_each(|line| out.push_str(&format!("{}\n", options.paint(BAD, line))));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// A line for every alarm of a partition, most severe first, then the notices and a person's verdict.
pub(super) fn of_partition(partition: &PartitionReport, zone: &TimeZone, options: &Options) -> String {
    let mut in_alarm: Vec<&AlarmReport> = alarms(partition).collect();
    in_alarm.sort_by_key(|a| std::cmp::Reverse(a.severity));
    let mut out = String::new();
    for alarm in in_alarm {
        let name = alarm.metric.name();
        let (subject, style) = match alarm.severity {
            Severity::Critical => (name.to_owned(), BAD),
            Severity::Warning => (format!("{name} (warning)"), DOUBT),
        };
        out.push_str(&sentence(&subject, style, &alarm.reason, options));
    }
    for alarm in partition.alarms.iter().filter(|a| a.notice && a.state != State::Alarm) {
        out.push_str(&sentence(alarm.metric.name(), DOUBT, &alarm.reason, options));
    }
    if let Some(mark) = &partition.mark {
        // An alarm has already reported it.
        if !partition
            .alarms
            .iter()
            .any(|alarm| alarm.metric == Metric::Rejected && alarm.state == State::Alarm)
        {
            out.push_str(&quiet("", &mark.in_words(zone), options));
        }
    }
    out
}

/// One line for further partitions with the same alarms as those above.
pub(super) fn of_others(others: &[Row<'_>], options: &Options) -> String {
    let named: Vec<String> =
        others.iter().filter_map(|row| row.partition).map(|p| p.partition.to_string()).collect();
    match named.as_slice() {
        [] => String::new(),
        [only] => quiet("", &format!("… and {only} like it"), options),
        [newest, .., oldest] => {
            quiet("", &format!("… and {} more like it, {oldest} to {newest}", named.len()), options)
        }
    }
}

/// The gaps that are not shared with other datasets, with hints; for a healthy dataset only its notes.
pub(super) fn of_dataset(dataset: &DatasetReport, causes: &[Cause<'_>], options: &Options) -> String {
    let mut out = String::new();
    for gap in blind::own(dataset, causes) {
        let reason = format!("{} ({})", gap.place, gap.detail);
        out.push_str(&sentence(&gap.kind.to_string(), DOUBT, &reason, options));
        out.push_str(&quiet(options.either("→ ", "-> "), gap.kind.hint(), options));
    }
    if dataset.status == Status::Unknown && dataset.gaps.is_empty() {
        let unjudged = dataset.partitions.iter().flat_map(|p| &p.alarms);
        for alarm in unjudged.filter(|a| a.state == State::InsufficientData) {
            out.push_str(&sentence(alarm.metric.name(), DOUBT, &alarm.reason, options));
        }
    }
    for note in &dataset.notes {
        out.push_str(&quiet("", note, options));
    }
    if dataset.status != Status::Ok {
        let whom: Vec<String> = dataset.about.said().map(|(name, text)| format!("{name} {text}")).collect();
        out.push_str(&quiet("", &whom.join(options.dot()), options));
    }
    out
}
