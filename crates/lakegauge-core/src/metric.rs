//! Metrics as in CloudWatch: a name, a unit and samples.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::partition::Partition;

/// A unit of CloudWatch's `PutMetricData`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Whole bytes.
    Bytes,
    /// A number of things; 0 or 1 for a yes or no.
    Count,
    /// Seconds, with fractions.
    Seconds,
    /// A ratio or a share.
    None,
}

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident, $unit:ident;)*) => {
        /// The name of a metric. Names are public: users' alarms and scripts contain them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Metric { $($(#[$doc])* $name,)* }

        impl Metric {
            /// Every metric, in display order.
            pub const ALL: &[Metric] = &[$(Metric::$name),*];

            /// The name as CloudWatch and the config write it.
            pub fn name(self) -> &'static str {
                match self { $(Metric::$name => stringify!($name),)* }
            }

            /// The unit of its values.
            pub fn unit(self) -> Unit {
                match self { $(Metric::$name => Unit::$unit,)* }
            }
        }
    };
}

metrics! {
    /// Bytes of the partition's data objects.
    TotalFileSize, Bytes;
    /// [`Metric::TotalFileSize`] less that of the previous partition.
    TotalFileSizeChange, Bytes;
    /// Data objects in the partition.
    ObjectCount, Count;
    /// Data objects of zero bytes.
    EmptyObjects, Count;
    /// When the partition landed, less its period's end.
    LandingDelay, Seconds;
    /// Now, less the end of the newest landed partition's period.
    Freshness, Seconds;
    /// 1 while the deadline has passed and the partition, begun, has not landed; 0 once it has.
    Late, Count;
    /// 1 while the deadline has passed and nothing is there.
    Missing, Count;
    /// 1 while nothing new has come for longer than ever before, where no deadline would say so.
    Stale, Count;
    /// 1 while a person has rejected the partition.
    Rejected, Count;
    /// 1 when a landed partition's objects were written again.
    Rewritten, Count;
    /// Bytes that a landed partition has lost since it was judged.
    Shrunk, Bytes;
    /// Parts (folders below the date, files whose names return) that always came and are absent.
    MissingParts, Count;
    /// 1 when a partition holds to the byte what an earlier one holds.
    Identical, Count;
    /// Rows, where footers or a table log tell.
    RowCount, Count;
    /// 1 when lakegauge saw all that it needed to judge the dataset.
    CheckSuccess, Count;
    /// How long the run took until the dataset was judged.
    CheckDuration, Seconds;
    /// List requests sent for the dataset.
    ListRequests, Count;
}

impl Metric {
    /// Whether it describes the look itself and the current time rather than the content of a partition.
    pub fn tells_of_the_look(self) -> bool {
        matches!(
            self,
            Metric::Freshness
                | Metric::Stale
                | Metric::CheckSuccess
                | Metric::CheckDuration
                | Metric::ListRequests
        )
    }

    /// Whether history can learn it.
    pub fn is_learned(self) -> bool {
        matches!(
            self,
            Metric::TotalFileSize
                | Metric::ObjectCount
                | Metric::EmptyObjects
                | Metric::MissingParts
                | Metric::Identical
        )
    }

    /// Whether it measures an amount, which means nothing while the job is still writing.
    pub fn is_volume(self) -> bool {
        matches!(
            self,
            Metric::TotalFileSize
                | Metric::TotalFileSizeChange
                | Metric::ObjectCount
                | Metric::EmptyObjects
                | Metric::MissingParts
                | Metric::Identical
        )
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A text that is not the name of a metric.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no metric is called `{0}`")]
pub struct UnknownMetric(pub String);

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(text: &str) -> Result<Metric, UnknownMetric> {
        Metric::ALL.iter().copied().find(|m| m.name() == text).ok_or_else(|| UnknownMetric(text.to_owned()))
    }
}

/// One raw value of a metric for one partition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The metric.
    pub metric: Metric,
    /// The partition.
    pub partition: Partition,
    /// The value, in [`Metric::unit`].
    pub value: f64,
    /// When it was measured.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for metric in Metric::ALL {
            assert_eq!(metric.name().parse(), Ok(*metric));
        }
        assert_eq!("Totalfilesize".parse::<Metric>(), Err(UnknownMetric("Totalfilesize".to_owned())));
    }
}
