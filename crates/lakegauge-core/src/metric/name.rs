//! The names of the metrics, each with its row.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::row::{Alarmed, Kind, Learned, Of, Row, Shape, Unit};

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident: $row:expr;)*) => {
        /// The name of a metric. Names are public: users' alarms and scripts contain them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Metric { $($(#[$doc])* $name,)* }

        impl Metric {
            /// Every metric, in the order in which alarms are listed.
            pub const ALL: &[Metric] = &[$(Metric::$name),*];

            /// The name as CloudWatch and the config write it.
            pub const fn name(self) -> &'static str {
                match self { $(Metric::$name => stringify!($name),)* }
            }

            /// What there is to know of it.
            pub const fn row(self) -> Row {
                match self { $(Metric::$name => $row,)* }
            }
        }
    };
}

metrics! {
    /// 1 while the deadline has passed and nothing is there.
    Missing: Row::flag(Kind::Arrival, "missing: the deadline has passed and nothing is there", "not missing")
        .alarmed(Alarmed::Critical)
        .event("the deadline has passed and nothing is there");
    /// 1 while the deadline has passed and the partition, begun, has not landed; 0 once it has.
    Late: Row::flag(Kind::Arrival, "late: the deadline has passed and it is not complete", "not late")
        .alarmed(Alarmed::Critical)
        .event("the deadline has passed and the partition is not complete");
    /// 1 while nothing new has come for longer than ever before, where no deadline would say so.
    Stale: Row::flag(Kind::Arrival, "nothing new for longer than ever before", "not silent for longer than usual")
        .of_dataset()
        .alarmed(Alarmed::Critical)
        .event("nothing new has come for longer than ever before");
    /// Bytes of the partition's data objects.
    TotalFileSize: Row::figure(Kind::Volume, Unit::Bytes, "{} landed")
        .learned(Learned::Forecast)
        .alarmed(Alarmed::Critical);
    /// Data objects in the partition.
    ObjectCount: Row::count(Kind::Volume, "object", "{} landed")
        .learned(Learned::Forecast)
        .alarmed(Alarmed::Critical);
    /// 1 while a person has rejected the partition.
    Rejected: Row::flag(Kind::Mark, "rejected", "not rejected")
        .alarmed(Alarmed::Critical)
        .event("a person has rejected the partition");
    /// Bytes that a landed partition has lost since it was judged.
    Shrunk: Row::figure(Kind::Change, Unit::Bytes, "{} lost since it landed")
        .alarmed(Alarmed::Critical)
        .event("data that had landed is gone");
    /// 1 when a landed partition's objects were written again.
    Rewritten: Row::flag(Kind::Change, "written again after it had landed", "not written since it landed")
        .alarmed(Alarmed::Warning)
        .event("objects were rewritten after landing");
    /// Parts (folders below the date, files whose names return) that always came and are absent.
    MissingParts: Row::count(Kind::Completeness, "part", "{} missing")
        .learned(Learned::Counted)
        .alarmed(Alarmed::Critical)
        .event("parts that always came are missing");
    /// 1 when a partition holds to the byte what an earlier one holds.
    Identical: Row::flag(
            Kind::Novelty,
            "holds the same as an earlier partition, to the byte",
            "not the copy of an earlier partition",
        )
        .learned(Learned::Counted)
        .alarmed(Alarmed::Critical)
        .event("it is identical to an earlier partition");
    /// Data objects of zero bytes.
    EmptyObjects: Row::count(Kind::Completeness, "empty object", "{}")
        .learned(Learned::Counted)
        .alarmed(Alarmed::Warning);
    /// [`Metric::TotalFileSize`] less that of the previous partition.
    TotalFileSizeChange: Row::figure(Kind::Volume, Unit::Bytes, "{} more than before")
        .or_below_zero("{} less than before");
    /// When the partition landed, less its period's end.
    LandingDelay: Row::figure(Kind::Arrival, Unit::Seconds, "landed {} after the period's end")
        .or_below_zero("landed {} before the period's end");
    /// Rows, where footers or a table log tell.
    RowCount: Row::count(Kind::Volume, "row", "{} landed")
        .learned(Learned::Forecast)
        .unmeasured("this version of lakegauge does not count rows");
    /// Now, less the end of the newest landed partition's period.
    Freshness: Row::figure(Kind::Arrival, Unit::Seconds, "the newest data is {} old").of_dataset();
    /// 1 when lakegauge saw all that it needed to judge the dataset.
    CheckSuccess: Row::flag(
            Kind::Check,
            "all that was needed could be seen",
            "not all that was needed could be seen",
        )
        .of_dataset();
    /// How long the run took until the dataset was judged.
    CheckDuration: Row::figure(Kind::Check, Unit::Seconds, "the check took {}").of_dataset();
    /// List requests sent for the dataset.
    ListRequests: Row::count(Kind::Check, "list request", "{} sent").of_dataset();
}

impl Metric {
    /// The unit of its values.
    pub const fn unit(self) -> Unit {
        self.row().unit
    }

    /// What it is about.
    pub const fn kind(self) -> Kind {
        self.row().kind
    }

    /// Whether it describes the dataset at the time of the check rather than the content of a partition.
    pub fn is_of_dataset(self) -> bool {
        self.row().of == Of::Dataset
    }

    /// Whether this version learns a band of it.
    pub fn is_learned(self) -> bool {
        self.row().learned != Learned::No && self.is_measured()
    }

    /// Whether it has values in this version.
    pub fn is_measured(self) -> bool {
        self.row().unmeasured.is_none()
    }

    /// Whether it is 0 or 1.
    pub fn is_flag(self) -> bool {
        matches!(self.row().shape, Shape::Flag { .. })
    }

    /// Whether it says that data has not come: 1 while it is awaited.
    pub fn is_overdue(self) -> bool {
        self.kind() == Kind::Arrival && self.is_flag()
    }

    /// Whether it describes what came, which means nothing while the job is still writing.
    pub fn is_of_content(self) -> bool {
        matches!(self.kind(), Kind::Volume | Kind::Completeness | Kind::Novelty)
    }

    /// Whether its value changes with time alone.
    pub fn ages(self) -> bool {
        self.is_of_dataset() && !self.is_flag()
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

    #[test]
    fn every_row_makes_sense() {
        for metric in Metric::ALL {
            let row = metric.row();
            match row.shape {
                Shape::Flag { yes, no } => assert!(yes != no && row.unit == Unit::Count, "{metric}"),
                Shape::Figure { positive, negative } => {
                    let places = [positive, negative].map(|text| text.matches("{}").count());
                    assert_eq!(places, [1, 1], "{metric}");
                }
            }
            assert!(row.noun.is_empty() || row.unit == Unit::Count, "{metric}");
            assert!(row.learned == Learned::No || metric.is_of_content(), "{metric}");
            // An alarm by default that has no band is on any value above 0: there are words for that.
            let on_any = row.alarmed != Alarmed::No && row.learned == Learned::No;
            assert!(!on_any || row.event.is_some(), "{metric}");
        }
    }
}
