//! One thing to hand out.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::datum::Datum;
use crate::partition::Partition;
use crate::remediation::RemedyRun;

/// CloudWatch rejects values that are older (two weeks, `PutMetricData`).
const OF_POSTS: SignedDuration = SignedDuration::from_hours(14 * 24 - 1);
/// A repair of yesterday's data is no longer useful.
const OF_RUNS: SignedDuration = SignedDuration::from_hours(24);

/// One thing to hand out, and how far it has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// What is handed out.
    pub item: Item,
    /// When the look began that ordered it.
    pub since: Timestamp,
    /// How far it has come.
    pub state: DeliveryState,
    /// What it is for has passed: it is handed out no more, except by who has claimed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub over: bool,
}

/// What is handed out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Item {
    /// The values of a verdict, for a sink of metrics.
    Post(Post),
    /// A run of a remedy.
    Run(Box<RemedyRun>),
}

/// The values of a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// The partition.
    pub partition: Partition,
    /// The verdict's identity.
    pub verdict: u64,
    /// The values.
    pub data: Vec<Datum>,
}

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// It waits.
    Pending,
    /// Somebody has been handing it out since this time.
    Claimed(Timestamp),
    /// It was handed out at this time.
    Done(Timestamp),
}

/// The kinds of delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`Item::Post`].
    Post,
    /// [`Item::Run`].
    Run,
}

impl Kind {
    /// After this time without success, a delivery is given up.
    pub(super) fn patience(self) -> SignedDuration {
        match self {
            Kind::Post => OF_POSTS,
            Kind::Run => OF_RUNS,
        }
    }

    /// Whether a delivery that is done must be remembered, so that it is not ordered again. A verdict is known by its
    /// identity.
    pub(super) fn is_remembered(self) -> bool {
        self == Kind::Run
    }
}

impl Delivery {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self.item {
            Item::Post(_) => Kind::Post,
            Item::Run(_) => Kind::Run,
        }
    }

    /// The partition that it is about.
    pub fn partition(&self) -> Partition {
        match &self.item {
            Item::Post(post) => post.partition,
            Item::Run(run) => run.evidence.partition,
        }
    }

    /// The values, if it is a post.
    pub fn post(&self) -> Option<&Post> {
        match &self.item {
            Item::Post(post) => Some(post),
            Item::Run(_) => None,
        }
    }

    /// The run, if it is one.
    pub fn run(&self) -> Option<&RemedyRun> {
        match &self.item {
            Item::Run(run) => Some(run),
            Item::Post(_) => None,
        }
    }

    /// Whether both are the same delivery, whatever has become of it.
    pub(super) fn is_same(&self, other: &Delivery) -> bool {
        match (&self.item, &other.item) {
            (Item::Post(one), Item::Post(two)) => {
                (self.since, one.partition, one.verdict) == (other.since, two.partition, two.verdict)
            }
            (Item::Run(one), Item::Run(two)) => one.same_incident(two),
            _ => false,
        }
    }
}
