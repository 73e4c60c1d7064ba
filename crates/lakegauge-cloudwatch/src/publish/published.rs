//! Which metrics a dataset posts.

use lakegauge_core::alarm::{Limit, MissingData, Rule};
use lakegauge_core::dataset::Dataset;
use lakegauge_core::metric::{Kind, Metric, Unit};
use lakegauge_core::name::Name;

use super::naming::{Naming, ORIGINAL_FUNCTION, Place};

/// 1 when a value is outside a moving limit, 0 when it is inside. Dimensions `Dataset` and `Metric`.
pub const OUTSIDE_BAND: &str = "OutsideBand";
/// 1 at every tick, so that its absence shows that lakegauge has stopped. Dimension `Deployment`.
pub const HEARTBEAT: &str = "Heartbeat";

/// A dimension of a metric.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dimension {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

impl Dimension {
    /// CloudWatch accepts only ASCII in a dimension's value: anything else is percent-encoded, as in a URL.
    fn new(name: &'static str, value: &str) -> Dimension {
        let encoded = |c: char| {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")).collect::<String>()
        };
        let plain = |c: char| if c.is_ascii() { c.to_string() } else { encoded(c) };
        Dimension { name, value: value.chars().map(plain).collect() }
    }
}

/// Where the values of a published metric come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The value that the alarm on this metric judged.
    Judged(Metric),
    /// The partition's own value, whatever an alarm says; a volume only once it has landed.
    Measured(Metric),
    /// 1 when the alarm on this metric is in `ALARM`, 0 when it is `OK`, nothing on `INSUFFICIENT_DATA`.
    OutsideBand(Metric),
    /// 1 at every tick.
    Alive,
}

impl Source {
    /// The metric whose alarm is posted as 0 or 1.
    pub(super) fn signal(self) -> Option<Metric> {
        match self {
            Source::OutsideBand(metric) => Some(metric),
            Source::Judged(metric) => Some(metric).filter(|metric| occurs(*metric)),
            Source::Measured(_) | Source::Alive => None,
        }
    }

    /// The metric whose alarm this is for; `None` for the heartbeat.
    pub fn metric(self) -> Option<Metric> {
        match self {
            Source::Judged(metric) | Source::Measured(metric) | Source::OutsideBand(metric) => Some(metric),
            Source::Alive => None,
        }
    }
}

/// One CloudWatch metric: its name and the source of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// `MetricName`.
    pub name: &'static str,
    /// `Unit`.
    pub unit: Unit,
    /// `Dimensions`, in the order in which they are posted. CloudWatch identifies a metric by all of them.
    pub dimensions: Vec<Dimension>,
    /// Where its values come from.
    pub source: Source,
}

/// The metrics of a dataset, in the order of its rules: only those that its alarms need. The original naming
/// always posts the total file size.
///
/// A split dataset has one set for all of its splits, under the dataset's name, because the splits are not known in
/// advance. A value of 0 or 1 is 1 while any split is wrong ([`Shown`](super::Shown)).
pub fn published(dataset: &Dataset, naming: &Naming) -> Vec<Published> {
    let mut found: Vec<Published> = dataset.rules.iter().map(|rule| of_rule(dataset, rule, naming)).collect();
    let size = Source::Measured(Metric::TotalFileSize);
    let judged = Source::Judged(Metric::TotalFileSize);
    if let Naming::Original(place) = naming
        && !found.iter().any(|p| p.source == size || p.source == judged)
    {
        found.push(Published { dimensions: original(dataset, place), ..plain(dataset, size) });
    }
    found
}

/// The heartbeat of a deployment.
pub fn heartbeat(deployment: &str) -> Published {
    let dimensions = vec![Dimension::new("Deployment", deployment)];
    Published { name: HEARTBEAT, unit: Unit::Count, dimensions, source: Source::Alive }
}

/// Whether a metric's value is itself 0 or 1, where 1 is an alarm.
fn occurs(metric: Metric) -> bool {
    metric.is_flag() && metric.kind() != Kind::Check
}

fn of_rule(dataset: &Dataset, rule: &Rule, naming: &Naming) -> Published {
    let split = !dataset.layout.splits().is_empty();
    let source = match rule.limit {
        // CloudWatch cannot distinguish a partition without a value from the time between two partitions;
        // lakegauge can.
        Limit::Fixed(_) if rule.evaluation_periods <= 1 && means_something(rule.missing_data) => {
            Source::OutsideBand(rule.metric)
        }
        Limit::Fixed(_) if rule.evaluation_periods <= 1 => Source::Judged(rule.metric),
        // CloudWatch counts M of N itself, over each partition's own value.
        Limit::Fixed(_) if is_countable(dataset, rule) => Source::Measured(rule.metric),
        // lakegauge counts M of N, so the result is posted.
        Limit::Fixed(_) => Source::OutsideBand(rule.metric),
        // The limit moves with the past, so the result is posted.
        Limit::Within { .. } | Limit::Learned => Source::OutsideBand(rule.metric),
    };
    // The sizes of several splits cannot share one name.
    let source = if split && !occurs(rule.metric) { Source::OutsideBand(rule.metric) } else { source };
    let plain = plain(dataset, source);
    match (naming, source) {
        (Naming::Original(place), Source::Judged(metric) | Source::Measured(metric))
            if metric == Metric::TotalFileSize =>
        {
            Published { dimensions: original(dataset, place), ..plain }
        }
        _ => plain,
    }
}

fn means_something(missing: MissingData) -> bool {
    matches!(missing, MissingData::Breaching | MissingData::NotBreaching)
}

/// Whether CloudWatch counts M of N as lakegauge does, because each of its periods has a partition. It counts by
/// the clock, over at most seven days (`EvaluationPeriods` times `Period`). So the calendar must be `every-day`,
/// `missing_data` must not be set, and the value must belong to the partition, not be an age at some time.
fn is_countable(dataset: &Dataset, rule: &Rule) -> bool {
    let nominal = dataset.layout.cadence().nominal_seconds();
    i64::from(rule.evaluation_periods).saturating_mul(nominal) <= 7 * 86_400
        && !means_something(rule.missing_data)
        && dataset.calendar.is_every_day()
        && !rule.metric.is_of_dataset()
}

fn plain(dataset: &Dataset, source: Source) -> Published {
    let base = Name::read(&dataset.name).base();
    let of_dataset = Dimension::new("Dataset", base);
    match source {
        Source::OutsideBand(metric) => Published {
            name: OUTSIDE_BAND,
            unit: Unit::Count,
            dimensions: vec![of_dataset, Dimension::new("Metric", metric.name())],
            source,
        },
        Source::Judged(metric) | Source::Measured(metric) => {
            Published { name: metric.name(), unit: metric.unit(), dimensions: vec![of_dataset], source }
        }
        Source::Alive => heartbeat(base),
    }
}

/// The dimensions of the first design: the bucket, the prefix of the dataset's keys in it, and the function's name.
fn original(dataset: &Dataset, place: &Place) -> Vec<Dimension> {
    let key = format!("{}{}", place.prefix, dataset.layout.static_prefix());
    vec![
        Dimension::new("BucketName", &place.bucket),
        Dimension::new("Key", &key),
        Dimension::new("FunctionName", ORIGINAL_FUNCTION),
    ]
}
