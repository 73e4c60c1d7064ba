//! `check --format junit`: a suite per dataset, a case per partition and alarm.

use lakegauge_core::alarm::State;
use lakegauge_core::foreign::visible;
use lakegauge_core::observation::Gap;
use lakegauge_core::verdict::{AlarmReport, DatasetReport, PartitionReport, Report};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

/// The report as JUnit XML. An alarm is a failure, a gap an error, and what could not be judged is skipped.
///
/// # Errors
///
/// If the XML cannot be written; a report does not cause it.
pub fn check(report: &Report) -> Result<String, quick_junit::SerializeError> {
    let mut out = quick_junit::Report::new("lakegauge");
    for dataset in &report.datasets {
        let mut suite = TestSuite::new(safe(&dataset.dataset));
        suite.add_property(("now", report.now.to_string().as_str()));
        for (name, text) in dataset.about.said() {
            suite.add_property((name, safe(text).as_str()));
        }
        for partition in &dataset.partitions {
            suite.add_test_cases(partition.alarms.iter().map(|alarm| of_alarm(dataset, partition, alarm)));
        }
        suite.add_test_cases(dataset.gaps.iter().map(|gap| of_gap(dataset, gap)));
        out.add_test_suite(suite);
    }
    out.to_string()
}

fn of_alarm(dataset: &DatasetReport, partition: &PartitionReport, alarm: &AlarmReport) -> TestCase {
    let status = match alarm.state {
        State::Ok => TestCaseStatus::success(),
        State::InsufficientData => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(safe(&alarm.reason));
            status
        }
        State::Alarm => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(safe(&alarm.reason)).set_type(alarm.metric.name());
            status.set_description(description(dataset, alarm));
            status
        }
    };
    let mut case = TestCase::new(format!("{} {}", partition.partition, alarm.metric), status);
    case.set_classname(safe(&dataset.dataset));
    if alarm.notice {
        case.set_system_out(safe(&alarm.reason));
    }
    case
}

/// The reason, followed by the facts needed to act on it, one per line.
fn description(dataset: &DatasetReport, alarm: &AlarmReport) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |v| v.to_string());
    let (low, high) = (number(alarm.expected.low), number(alarm.expected.high));
    let mut lines = vec![
        safe(&alarm.reason),
        format!("observed: {}", number(alarm.observed)),
        format!("expected: low {low}, high {high}"),
    ];
    lines.extend(dataset.about.said().map(|(name, text)| format!("{name}: {}", visible(text))));
    lines.join("\n")
}

fn of_gap(dataset: &DatasetReport, gap: &Gap) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(safe(&gap.to_string())).set_type(gap.kind.to_string());
    let mut case = TestCase::new(format!("look at {}", visible(&gap.place)), status);
    case.set_classname(safe(&dataset.dataset));
    case
}

/// Safe to print: people read these reports in logs of their terminals, too.
fn safe(text: &str) -> String {
    visible(text).into_owned()
}
