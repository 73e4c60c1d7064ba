//! What could not be seen, and what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why something could not be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// The bucket, container or folder does not exist.
    NotFound,
    /// The credentials do not permit it, or there are none.
    Denied,
    /// The store asked for fewer requests, and kept asking.
    Throttled,
    /// No connection, a reset, a time-out or a server error, after all retries.
    Unreachable,
    /// The store answered with something that is not a listing.
    Malformed,
    /// A listing ended before its end.
    Truncated,
    /// The store refuses this machine's clock.
    ClockSkew,
    /// The config asks for something that this version does not support.
    Unsupported,
    /// lakegauge itself failed while it looked or judged; the other datasets are judged nevertheless.
    Bug,
}

impl GapKind {
    /// Whether waiting does not help, because an address, a permission or the config has to change.
    pub fn is_lasting(self) -> bool {
        matches!(self, GapKind::NotFound | GapKind::Denied | GapKind::Unsupported | GapKind::Bug)
    }

    /// What to do about it, as one sentence.
    pub fn hint(self) -> &'static str {
        match self {
            GapKind::NotFound => "check the lake's address: the bucket or folder does not exist",
            GapKind::Denied => {
                "check the credentials and that they may list this prefix (s3:ListBucket, storage.objects.list or Storage Blob Data Reader)"
            }
            GapKind::Throttled => {
                "the store is busy: look again later or lower the number of parallel requests"
            }
            GapKind::Unreachable => "check the network, the endpoint and the region, then look again",
            GapKind::Malformed => {
                "is the endpoint an object store? a proxy or a login page may have answered"
            }
            GapKind::Truncated => {
                "the listing broke off: look again; if it stays, the store's paging is broken"
            }
            GapKind::ClockSkew => {
                "set this machine's clock: the store refuses requests signed at a wrong time"
            }
            GapKind::Unsupported => "this version of lakegauge cannot look at it",
            GapKind::Bug => {
                "this is a bug in lakegauge: please report it with the command, `lakegauge --version` and this message"
            }
        }
    }
}

impl fmt::Display for GapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            GapKind::NotFound => "not found",
            GapKind::Denied => "denied",
            GapKind::Throttled => "throttled",
            GapKind::Unreachable => "unreachable",
            GapKind::Malformed => "malformed",
            GapKind::Truncated => "truncated",
            GapKind::ClockSkew => "clock skew",
            GapKind::Unsupported => "unsupported",
            GapKind::Bug => "bug",
        })
    }
}

/// Something that could not be seen. Not seeing is not health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// What went wrong.
    pub kind: GapKind,
    /// The prefix or file that could not be read, as a user would name it.
    pub place: String,
    /// What the store said, without secrets.
    pub detail: String,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}); {}", self.place, self.kind, self.detail, self.kind.hint())
    }
}
