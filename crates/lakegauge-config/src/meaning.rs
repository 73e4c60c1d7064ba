//! What a config means, key by key, in exact words: two configs are equal if these words are equal.
//!
//! `plan` compares two configs by these words, and `explain` shows a dataset with them. Both iterate over the tables
//! of keys, so that a new key is either shown or fails a test.

use lakegauge_core::alarm::{Against, Bounds, Limit, Margin, MissingData, Rule, Severity};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::metric::Unit;
use lakegauge_core::quantity;
use lakegauge_core::remedy::Remedy;
use lakegauge_core::written;

use super::dataset::DATASET;
use super::lake::{Config, TOP};
use super::receivers::Receiver;
use super::scalar;

/// One key of the config, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// As typed; `alarms.TotalFileSize` and `notify.data-team` for what the user names below a key.
    pub key: String,
    /// What it means, exact to the last digit, without secrets.
    pub value: String,
}

fn one(key: &str, value: Option<String>) -> Vec<Meaning> {
    value.map(|value| Meaning { key: key.to_owned(), value }).into_iter().collect()
}

impl Config {
    /// What applies to the whole config: every top-level key except those that are merged into each dataset.
    pub fn meanings(&self) -> Vec<Meaning> {
        TOP.iter().flat_map(|key| self.meaning(key.name)).collect()
    }

    fn meaning(&self, key: &str) -> Vec<Meaning> {
        let value = match key {
            "lake" => Some(self.lake.clone()),
            "namespace" => Some(self.namespace.clone()),
            "history" => Some(self.history.clone()),
            "retention" => Some(exact(self.retention.as_secs_f64(), Unit::Seconds)),
            "endpoint_url" => self.endpoint_url.clone(),
            "region" => self.region.clone(),
            "concurrency" => self.concurrency.map(|most| most.to_string()),
            "notify" => {
                let named = |receiver: &Receiver| Meaning {
                    key: format!("{key}.{}", receiver.name),
                    value: receiver.in_words(),
                };
                return self.receivers.iter().map(named).collect();
            }
            // `timezone`, `calendar` and `defaults` are merged into the datasets.
            _ => None,
        };
        one(key, value)
    }
}

/// What each key of a dataset means, in the order of the table of keys. A key that is not set and has no default is left
/// out. Every alarm is a key of its own.
pub fn meanings(dataset: &Dataset) -> Vec<Meaning> {
    DATASET.iter().flat_map(|key| meaning(dataset, key.name)).collect()
}

fn meaning(dataset: &Dataset, key: &str) -> Vec<Meaning> {
    let list = |names: Vec<String>| Some(names.join(", ")).filter(|names| !names.is_empty());
    let value = match key {
        "path" => Some(dataset.layout.to_string()),
        "timezone" => Some(dataset.zone.iana_name().unwrap_or("UTC").to_owned()),
        "calendar" => Some(dataset.calendar.to_string()),
        "due" => Some(dataset.due.map_or_else(|| "learned".to_owned(), |due| due.to_string())),
        "landed_when" => Some(dataset.landed_when.to_string()),
        "look_back" => Some(dataset.look_back.to_string()),
        "remediate" => dataset.remedy.as_ref().map(remedy),
        "notify" => list(dataset.notify.iter().map(|name| written::flow(name)).collect()),
        "owner" => dataset.owner.clone(),
        "runbook" => dataset.runbook.clone(),
        // Line breaks belong to the file, not to the meaning.
        "description" => {
            dataset.description.as_deref().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        }
        "alarms" => {
            let named = |of: &Rule| Meaning { key: format!("{key}.{}", of.metric), value: rule_in_words(of) };
            return dataset.rules.iter().map(named).collect();
        }
        _ => None,
    };
    one(key, value)
}

/// What a remedy runs, and for which alarms.
fn remedy(remedy: &Remedy) -> String {
    let function = remedy.function.iter().map(|arn| format!("function {arn}"));
    let dag = remedy.airflow.iter().map(|airflow| {
        let (api, secret) = (airflow.api.name(), &airflow.secret);
        format!("DAG {} at {} (API {api}, credentials in {secret})", airflow.dag, airflow.url)
    });
    let what = function.chain(dag).collect::<Vec<_>>().join(" and ");
    let metrics: Vec<&str> = remedy.metrics.iter().map(|metric| metric.name()).collect();
    if metrics.is_empty() { what } else { format!("{what}, for {}", metrics.join(", ")) }
}

/// What an alarm requires: `at least 195 kB (warning)`.
pub fn rule_in_words(rule: &Rule) -> String {
    let unit = rule.metric.unit();
    let limit = match &rule.limit {
        Limit::Learned => "learned".to_owned(),
        Limit::Fixed(bounds) => bounds_in_words(*bounds, unit),
        Limit::Within { margin, against } => {
            let margin = match margin {
                Margin::Relative(of) => share(*of),
                Margin::Absolute(width) => exact(*width, unit),
            };
            let of = match against {
                Against::PreviousGood => "the previous good partition",
                Against::SameWeekday => "the last good partition of the same weekday",
            };
            format!("within {margin} of {of}")
        }
    };
    let (m, n) = (rule.datapoints_to_alarm, rule.evaluation_periods.max(1));
    let counted = (n > 1).then(|| format!("in alarm when {m} of the last {n} break it"));
    let missing = match rule.missing_data {
        MissingData::Missing => None,
        MissingData::Ignore => Some("without a value it stays as it is"),
        MissingData::Breaching => Some("without a value it is broken"),
        MissingData::NotBreaching => Some("without a value it is kept"),
    };
    let warning = match rule.severity {
        Severity::Critical => None,
        Severity::Warning => Some("warning"),
    };
    let more: Vec<String> =
        counted.into_iter().chain(missing.map(str::to_owned)).chain(warning.map(str::to_owned)).collect();
    if more.is_empty() { limit } else { format!("{limit} ({})", more.join("; ")) }
}

fn bounds_in_words(bounds: Bounds, unit: Unit) -> String {
    match (bounds.low, bounds.high) {
        (Some(low), Some(high)) => format!("between {} and {}", exact(low, unit), exact(high, unit)),
        (Some(low), None) => format!("at least {}", exact(low, unit)),
        (None, Some(high)) => format!("at most {}", exact(high, unit)),
        (None, None) => "any value".to_owned(),
    }
}

/// A quantity in readable form if that loses nothing (`195 kB`), and with all of its digits otherwise (`195432 B`).
fn exact(value: f64, unit: Unit) -> String {
    let short = quantity::format(value, unit);
    let (read, full) = match unit {
        Unit::Bytes => (scalar::bytes(&short), format!("{value} B")),
        Unit::Seconds => (scalar::seconds(&short), format!("{value} s")),
        Unit::Count | Unit::None => (scalar::number(&short), value.to_string()),
    };
    if read == Some(value) { short } else { full }
}

/// A share as a percentage with all of its digits.
fn share(of: f64) -> String {
    let short = quantity::percent(of);
    let read = short.strip_suffix(" %").and_then(scalar::number).map(|percent| percent / 100.0);
    if read == Some(of) { short } else { format!("{} %", of * 100.0) }
}
