//! PagerDuty, by an integration key.

use super::channel::Channel;
use super::kind::{Kind, SECRET, secret};
use crate::key::{Key, Place};

pub(super) const PAGERDUTY: Kind = Kind {
    key: Key {
        name: "pagerduty",
        doc: "A PagerDuty integration key, as a reference.",
        schema: SECRET,
        place: Place::Secret,
        examples: ["pagerduty: file:one", "pagerduty: file:two"],
    },
    read: |node, reading| secret(node, "pagerduty", reading).map(Channel::PagerDuty),
};
