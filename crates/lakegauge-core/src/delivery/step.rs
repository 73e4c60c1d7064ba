//! The steps of those who hand out.

use jiff::{SignedDuration, Timestamp};

use super::item::{Delivery, Kind};

/// A claim older than this was left behind by somebody who died: nobody works for longer on one.
pub(super) const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// A step of somebody who hands out.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Take everything of a kind that waits.
    Claim {
        /// The kind.
        kind: Kind,
        /// Now.
        at: Timestamp,
    },
    /// Say what became of deliveries that were taken.
    Settle {
        /// The deliveries, as they were taken.
        of: Vec<Delivery>,
        /// What became of them.
        how: Settled,
        /// Now.
        at: Timestamp,
    },
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It was handed out, or refused for good.
    Done,
    /// It was not handed out: it waits again.
    Failed,
}

/// What a step took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taken {
    /// What is to be handed out now, by whoever made the step and by nobody else.
    pub claimed: Vec<Delivery>,
    /// What could not be handed out in time, and will not be.
    pub given_up: Vec<Delivery>,
}
