//! A dataset as data for the module.

use lakegauge_cloudwatch::deploy::{MetricAlarm, PERIOD, alarms, schedule};
use lakegauge_core::alarm::{MissingData, Severity};
use lakegauge_core::dataset::Dataset;

use super::hcl::Value;
use super::names::slug;
use super::settings::Settings;

/// CloudWatch's limit for descriptions.
const LONGEST_DESCRIPTION: usize = 1_024;

/// The prefix of a dataset's keys in its bucket.
pub(super) fn prefix(dataset: &Dataset, settings: &Settings) -> String {
    format!("{}{}", settings.prefix, dataset.layout.static_prefix())
}

/// A dataset's entry of the map `datasets`.
pub(super) fn entry(dataset: &Dataset, settings: &Settings) -> (String, Value) {
    let schedule = schedule(dataset).map_or(Value::Null, |schedule| {
        Value::Map(vec![
            ("name".to_owned(), Value::text(schedule.key)),
            ("expression".to_owned(), Value::text(schedule.cron)),
            ("zone".to_owned(), Value::text(schedule.zone)),
        ])
    });
    let alarms = alarms(dataset, &settings.naming);
    let alarms = alarms.iter().map(|alarm| (alarm.key.clone(), of_alarm(dataset, alarm))).collect();
    let mut fields = vec![
        ("slug".to_owned(), Value::text(slug(&dataset.name))),
        ("prefix".to_owned(), Value::text(prefix(dataset, settings))),
        ("schedule".to_owned(), schedule),
    ];
    if !dataset.notify.is_empty() {
        fields.push(("notify".to_owned(), Value::texts(&dataset.notify)));
    }
    fields.push(("alarms".to_owned(), Value::Map(alarms)));
    (dataset.name.clone(), Value::Map(fields))
}

pub(super) fn of_alarm(dataset: &Dataset, alarm: &MetricAlarm) -> Value {
    let severity = match alarm.severity {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
    };
    let missing = match alarm.missing_data {
        MissingData::Missing => "missing",
        MissingData::Ignore => "ignore",
        MissingData::Breaching => "breaching",
        MissingData::NotBreaching => "notBreaching",
    };
    let dimensions = alarm.metric.dimensions.iter();
    let dimensions = dimensions.map(|d| (d.name.to_owned(), Value::text(&d.value))).collect();
    let number = |n: u32| Value::Number(f64::from(n));
    let mut fields = vec![
        ("description", Value::text(description(dataset, alarm, severity))),
        ("metric", Value::text(alarm.metric.name)),
        ("dimensions", Value::Inline(dimensions)),
        ("statistic", Value::text(alarm.statistic.to_string())),
        ("comparison", Value::text(alarm.comparison.to_string())),
        ("threshold", Value::Number(alarm.threshold)),
    ];
    // Only what differs from the module's `usual`.
    let unusual = [
        (alarm.severity != Severity::Critical, "severity", Value::text(severity)),
        (alarm.period != PERIOD, "period", number(alarm.period)),
        (alarm.evaluation_periods != 1, "evaluation_periods", number(alarm.evaluation_periods)),
        (alarm.datapoints_to_alarm != 1, "datapoints_to_alarm", number(alarm.datapoints_to_alarm)),
        (alarm.missing_data != MissingData::Ignore, "missing_data", Value::text(missing)),
    ];
    fields.extend(unusual.into_iter().filter(|(is, ..)| *is).map(|(_, name, value)| (name, value)));
    Value::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The text of an alarm's message: the problem, the owner, the runbook.
fn description(dataset: &Dataset, alarm: &MetricAlarm, severity: &str) -> String {
    let mut text = format!("{}, {}. Severity: {severity}.", dataset.name, alarm.meaning);
    if let Some(owner) = &dataset.about.owner {
        text.push_str(&format!(" Owner: {owner}."));
    }
    // The address comes last, so that no full stop becomes part of it.
    if let Some(runbook) = &dataset.about.runbook {
        text.push_str(&format!(" Runbook: {runbook}"));
    }
    text.chars().take(LONGEST_DESCRIPTION).collect()
}
