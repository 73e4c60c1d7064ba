//! What there is to know of a metric.

use serde::{Deserialize, Serialize};

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

/// What a metric is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whether and when data came.
    Arrival,
    /// How much came.
    Volume,
    /// Whether all of it came.
    Completeness,
    /// Whether it is new, and not a copy of what came before.
    Novelty,
    /// What happened to it after it had landed.
    Change,
    /// What a person says of it.
    Mark,
    /// The check itself.
    Check,
}

/// What a value of the metric describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// One partition.
    Partition,
    /// The dataset at the time of the check.
    Dataset,
}

/// The form of a metric's values, with the words for them in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 0 or 1.
    Flag {
        /// What 1 means.
        yes: &'static str,
        /// What 0 means.
        no: &'static str,
    },
    /// A number. In each text `{}` is its magnitude, with unit and noun.
    Figure {
        /// The text for 0 and more.
        positive: &'static str,
        /// The text for less than 0.
        negative: &'static str,
    },
}

/// How a learned band comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learned {
    /// There is none.
    No,
    /// The baseline forecasts the value.
    Forecast,
    /// The value is compared with how often it occurred.
    Counted,
}

/// Whether there is an alarm on the metric if the config sets none: on its learned band if there is one, otherwise on
/// any value above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarmed {
    /// Only if the config asks for it.
    No,
    /// As a warning.
    Warning,
    /// As critical.
    Critical,
}

/// What there is to know of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub kind: Kind,
    /// What a value describes.
    pub of: Of,
    /// The unit of its values.
    pub unit: Unit,
    /// What it counts, in the singular; empty if it does not count, or if the texts name it.
    pub noun: &'static str,
    /// The form of its values.
    pub shape: Shape,
    /// Whether it has a learned band.
    pub learned: Learned,
    /// Whether it has an alarm by default.
    pub alarmed: Alarmed,
    /// What has happened if it is above 0 and should not be; `None` if its name says so.
    pub event: Option<&'static str>,
    /// Why it has no values in this version; `None` if it is measured.
    pub unmeasured: Option<&'static str>,
}

impl Row {
    /// A metric that is 0 or 1.
    pub(super) const fn flag(kind: Kind, yes: &'static str, no: &'static str) -> Row {
        Row { shape: Shape::Flag { yes, no }, ..Row::figure(kind, Unit::Count, "") }
    }

    /// A metric that is a number of some unit.
    pub(super) const fn figure(kind: Kind, unit: Unit, text: &'static str) -> Row {
        Row {
            kind,
            of: Of::Partition,
            unit,
            noun: "",
            shape: Shape::Figure { positive: text, negative: text },
            learned: Learned::No,
            alarmed: Alarmed::No,
            event: None,
            unmeasured: None,
        }
    }

    /// A metric that counts things.
    pub(super) const fn count(kind: Kind, noun: &'static str, text: &'static str) -> Row {
        Row { noun, ..Row::figure(kind, Unit::Count, text) }
    }

    /// With another text for values below 0.
    pub(super) const fn or_below_zero(self, negative: &'static str) -> Row {
        match self.shape {
            Shape::Figure { positive, .. } => Row { shape: Shape::Figure { positive, negative }, ..self },
            Shape::Flag { .. } => self,
        }
    }

    /// It describes the dataset at the time of the check.
    pub(super) const fn of_dataset(self) -> Row {
        Row { of: Of::Dataset, ..self }
    }

    /// It has a learned band.
    pub(super) const fn learned(self, learned: Learned) -> Row {
        Row { learned, ..self }
    }

    /// It has an alarm by default.
    pub(super) const fn alarmed(self, alarmed: Alarmed) -> Row {
        Row { alarmed, ..self }
    }

    /// What has happened if it is above 0.
    pub(super) const fn event(self, event: &'static str) -> Row {
        Row { event: Some(event), ..self }
    }

    /// This version does not measure it.
    pub(super) const fn unmeasured(self, why: &'static str) -> Row {
        Row { unmeasured: Some(why), ..self }
    }
}
