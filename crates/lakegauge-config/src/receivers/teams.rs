//! Microsoft Teams, by an incoming webhook.

use super::channel::Channel;
use super::kind::{Kind, SECRET, secret};
use crate::key::{Key, Place};

pub(super) const TEAMS: Kind = Kind {
    key: Key {
        name: "teams",
        doc: "A Microsoft Teams webhook, as a reference.",
        schema: SECRET,
        place: Place::Secret,
        examples: ["teams: \"${env:ONE}\"", "teams: \"${env:TWO}\""],
    },
    read: |node, reading| secret(node, "teams", reading).map(Channel::Teams),
};
