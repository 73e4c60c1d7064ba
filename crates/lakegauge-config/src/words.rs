//! Rules, remedies and quantities in exact words.

use lakegauge_core::alarm::{Against, Bounds, Limit, Margin, MissingData, Rule, Severity};
use lakegauge_core::metric::Unit;
use lakegauge_core::quantity;
use lakegauge_core::remedy::Remedy;

use super::scalar;

/// What a remedy runs, and for which alarms.
pub(super) fn remedy_in_words(remedy: &Remedy) -> String {
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
pub(super) fn exact(value: f64, unit: Unit) -> String {
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
