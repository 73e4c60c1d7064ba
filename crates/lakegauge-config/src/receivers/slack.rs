//! Slack, by an incoming webhook.

use super::channel::Channel;
use super::kind::{Kind, SECRET, secret};
use crate::key::{Key, Place};

pub(super) const SLACK: Kind = Kind {
    key: Key {
        name: "slack",
        doc: "A Slack webhook, as a reference (`${env:NAME}` or `file:PATH`).",
        schema: SECRET,
        place: Place::Secret,
        examples: ["slack: \"${env:ONE}\"", "slack: \"${env:TWO}\""],
    },
    read: |node, reading| secret(node, "slack", reading).map(Channel::Slack),
};
