//! CloudWatch alarms over what a dataset publishes.

use std::fmt;

use lakegauge_core::alarm::{Against, Bounds, Limit, Margin, MissingData, Rule, Severity};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::quantity;

use crate::publish::{Naming, Published, Source, published};

/// `ComparisonOperator`: how the statistic compares with the threshold in `ALARM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Less than the threshold.
    LessThan,
    /// More than the threshold.
    GreaterThan,
    /// At least the threshold.
    AtLeast,
}

/// `Statistic`: how the values of one period are reduced to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// The minimum of the period.
    Minimum,
    /// The maximum of the period.
    Maximum,
}

/// One CloudWatch metric alarm.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricAlarm {
    /// Its name within the dataset: `TotalFileSize-low`, `Late-high`, `RowCount-band`.
    pub key: String,
    /// The metric that it watches.
    pub metric: Published,
    /// How it compares.
    pub comparison: Comparison,
    /// The threshold, in the metric's unit.
    pub threshold: f64,
    /// The statistic that it compares.
    pub statistic: Statistic,
    /// `Period`, in seconds.
    pub period: u32,
    /// `EvaluationPeriods`: N.
    pub evaluation_periods: u32,
    /// `DatapointsToAlarm`: M.
    pub datapoints_to_alarm: u32,
    /// `TreatMissingData`.
    pub missing_data: MissingData,
    /// The severity from the config.
    pub severity: Severity,
    /// What is wrong when it fires: `TotalFileSize below 195 kB`.
    pub meaning: String,
}

/// The usual period of an alarm, in seconds. A value is posted when a partition is judged; the shortest period
/// that does not cost more separates two verdicts that follow each other closely, as at a deadline.
pub const PERIOD: u32 = 60;

/// The alarms of a dataset, in the order of its rules: one for each bound of a fixed limit, one for a limit that
/// moves.
pub fn alarms(dataset: &Dataset, naming: &Naming) -> Vec<MetricAlarm> {
    let published = published(dataset, naming);
    let pairs = dataset.rules.iter().zip(published);
    pairs.flat_map(|(rule, metric)| of_rule(dataset, rule, metric)).collect()
}

fn of_rule(dataset: &Dataset, rule: &Rule, metric: Published) -> Vec<MetricAlarm> {
    let counts = matches!(metric.source, Source::Measured(_));
    let fixed = match (&rule.limit, metric.source) {
        (Limit::Fixed(bounds), Source::Judged(_) | Source::Measured(_)) => Some(*bounds),
        _ => None,
    };
    let alarm = |suffix, comparison, threshold, statistic, meaning| MetricAlarm {
        key: format!("{}-{suffix}", rule.metric),
        metric: metric.clone(),
        comparison,
        threshold,
        statistic,
        period: if counts { dataset.layout.cadence().nominal_seconds() as u32 } else { PERIOD },
        evaluation_periods: if counts { rule.evaluation_periods } else { 1 },
        datapoints_to_alarm: if counts {
            rule.datapoints_to_alarm.clamp(1, rule.evaluation_periods)
        } else {
            1
        },
        // Nothing is posted between two partitions, so the alarm keeps its state.
        missing_data: match rule.missing_data {
            MissingData::Missing => MissingData::Ignore,
            chosen if counts => chosen,
            _ => MissingData::Ignore,
        },
        severity: rule.severity,
        meaning,
    };
    let Some(Bounds { low, high }) = fixed else {
        let meaning = format!("{} {}", rule.metric, moving(rule));
        return vec![alarm("band", Comparison::AtLeast, 1.0, Statistic::Maximum, meaning)];
    };
    let said = |word: &str, value: f64| {
        if let Some(event) = rule.metric.row().event.filter(|_| word == "above" && value == 0.0) {
            return format!("{}: {event}", rule.metric);
        }
        let of = match (counts, rule.evaluation_periods) {
            (true, n) => format!(" in {} of {n} partitions", rule.datapoints_to_alarm.clamp(1, n)),
            (false, _) => String::new(),
        };
        format!("{} {word} {}{of}", rule.metric, quantity::format(value, rule.metric.unit()))
    };
    let low = low.map(|v| alarm("low", Comparison::LessThan, v, Statistic::Minimum, said("below", v)));
    let high = high.map(|v| alarm("high", Comparison::GreaterThan, v, Statistic::Maximum, said("above", v)));
    low.into_iter().chain(high).collect()
}

/// What is wrong when a value is outside a moving limit, or when lakegauge evaluates M of N itself.
fn moving(rule: &Rule) -> String {
    let unit = rule.metric.unit();
    match &rule.limit {
        Limit::Learned => "outside its learned band".to_owned(),
        Limit::Within { margin, against } => {
            let margin = match margin {
                Margin::Relative(share) => format!("{:.0} %", share * 100.0),
                Margin::Absolute(size) => quantity::format(*size, unit),
            };
            let against = match against {
                Against::PreviousGood => "the previous good partition",
                Against::SameWeekday => "the last good partition of its weekday",
            };
            format!("more than {margin} from {against}")
        }
        Limit::Fixed(Bounds { low, high }) => {
            let low = low.map(|v| format!("below {}", quantity::format(v, unit)));
            let high = high.map(|v| format!("above {}", quantity::format(v, unit)));
            let bounds: Vec<String> = low.into_iter().chain(high).collect();
            let (m, n) = (rule.datapoints_to_alarm, rule.evaluation_periods);
            let of = if n > 1 { format!(" in {} of {n} partitions", m.clamp(1, n)) } else { String::new() };
            format!("{}{of}", bounds.join(" or "))
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Comparison::LessThan => "LessThanThreshold",
            Comparison::GreaterThan => "GreaterThanThreshold",
            Comparison::AtLeast => "GreaterThanOrEqualToThreshold",
        })
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Statistic::Minimum => "Minimum",
            Statistic::Maximum => "Maximum",
        })
    }
}
