//! How metrics are called: lakegauge's own way, or that of the first design.

use std::fmt;

/// The namespace of the first design.
pub const ORIGINAL_NAMESPACE: &str = "ATUK/Lambda";
/// The value of its dimension `FunctionName`.
pub const ORIGINAL_FUNCTION: &str = "file_size_check";

/// Where a lake lies in its bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bucket.
    pub bucket: String,
    /// In front of every key of the lake: empty, or with a closing `/`.
    pub prefix: String,
}

/// How metrics are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Naming {
    /// Dimension `Dataset`, in a namespace of the user's choice.
    #[default]
    Lakegauge,
    /// `TotalFileSize` in `ATUK/Lambda` with `BucketName`, `Key` and `FunctionName`, as the first design posted it, so
    /// that alarms on it keep working. Everything else is called as in [`Naming::Lakegauge`], in that namespace.
    Original(Place),
}

impl Naming {
    /// The namespace of every metric; `chosen` is the user's, which the original naming does not ask for.
    pub fn namespace<'a>(&self, chosen: &'a str) -> &'a str {
        match self {
            Naming::Lakegauge => chosen,
            Naming::Original(_) => ORIGINAL_NAMESPACE,
        }
    }

    /// Reads `lakegauge` or `original`; the second needs the place of the lake.
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
