//! The names of metrics: lakegauge's own, or those of the first design.

use std::fmt;

/// The namespace of the first design.
pub const ORIGINAL_NAMESPACE: &str = "ATUK/Lambda";
/// The value of its dimension `FunctionName`.
pub const ORIGINAL_FUNCTION: &str = "file_size_check";

/// The lake's place in its bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bucket.
    pub bucket: String,
    /// The prefix of every key of the lake: empty, or ending in `/`.
    pub prefix: String,
}

/// The naming scheme of metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// Dimension `Dataset`, in a namespace of the user's choice.
    #[default]
    Lakegauge,
    /// `TotalFileSize` in `ATUK/Lambda` with `BucketName`, `Key` and `FunctionName`, as the first design posted
    /// it, so that alarms on it keep working. Everything else has the names of [`Naming::Lakegauge`], in that
    /// namespace.
    Original(Place),
}

impl Naming {
    /// The namespace of every metric; `chosen` is the user's, which the original naming ignores.
    pub fn namespace<'a>(&self, chosen: &'a str) -> &'a str {
        match self {
            Naming::Lakegauge => chosen,
            Naming::Original(_) => ORIGINAL_NAMESPACE,
        }
    }

    /// Parses `lakegauge` or `original`; the second needs the lake's place.
    pub fn parse(text: &str, place: Place) -> Option<Naming> {
        match text {
            "lakegauge" => Some(Naming::Lakegauge),
            "original" => Some(Naming::Original(place)),
            _ => None,
        }
    }
}

impl fmt::Display for Naming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Naming::Lakegauge => "lakegauge",
            Naming::Original(_) => "original",
        })
    }
}
